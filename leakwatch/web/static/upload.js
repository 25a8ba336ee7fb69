"use strict";
// Shows how far an upload has come; without it the form works as forms do.

const form = document.querySelector("form.upload");
const wrong = document.getElementById("wrong");
const sending = document.querySelector(".sending");

function complain(words) {
  wrong.textContent = words;
  wrong.hidden = false;
  sending.hidden = true;
  form.hidden = false;
}

function answered(request) {
  const said = new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".wrong:not([hidden])");
  if (request.status < 400) location.assign(request.responseURL);
  else complain(said ? said.textContent : "上传没有完成，没有存入，请重试");
}

form.addEventListener("submit", (event) => {
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  event.preventDefault();
  if (!files.length) return complain("请先选择文件或文件夹");
  if (bytes > form.dataset.mostMib * 1048576) {
    return complain(`文件太大，一次最多 ${form.dataset.mostMib} MB，请分开导出或分几次上传`);
  }
  const request = new XMLHttpRequest();
  const bar = sending.querySelector("progress");
  request.upload.addEventListener("progress", (step) => {
    const percent = Math.floor((100 * step.loaded) / step.total);
    bar.value = percent;
    sending.querySelector(".sent").textContent = percent < 100 ? `${percent}%` : "完毕，正在存入";
  });
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => complain("连接中断，没有存入，请重试"));
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  // The path of a file in a folder goes along as its name.
  for (const file of files) data.append("files", file, file.webkitRelativePath || file.name);
  request.open("POST", form.action || location.href);
  request.send(data);
  wrong.hidden = true;
  form.hidden = true;
  sending.hidden = false;
});
