(function () { window.__QCE_CHUNK__ = function (c) {}; })();
