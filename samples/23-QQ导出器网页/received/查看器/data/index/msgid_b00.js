window.__QCE_MSGID_INDEX__ && window.__QCE_MSGID_INDEX__(0, [
["msg-1","c000001"]
]);
