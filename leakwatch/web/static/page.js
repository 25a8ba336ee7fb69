"use strict";
// Everything here is a convenience: each page works without it.
// An element with data-key is reached by that key; what data-does says stands in the list that ? opens.

const list = document.getElementById("keys");
const reached = () => [...document.querySelectorAll("[data-key]")];
const rows = () => [...document.querySelectorAll("[data-row] a")];

document.documentElement.classList.add("has-keys");

function isTyping(target) {
  return target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])") !== null;
}

function step(by) {
  const links = rows();
  const next = links[Math.min(links.length - 1, Math.max(0, links.indexOf(document.activeElement) + by))];
  if (next) next.focus();
}

function show() {
  const lines = reached().map((element) => [element.dataset.key, element.dataset.does || element.textContent]);
  if (rows().length) lines.push(["j / k", "下一条、上一条线索（再按回车打开）"]);
  const body = list.querySelector("tbody");
  body.replaceChildren(...lines.map(([key, words]) => {
    const row = document.createElement("tr");
    const name = document.createElement("kbd");
    name.textContent = key;
    row.insertCell().append(name);
    row.insertCell().append(words);
    return row;
  }));
  if (!lines.length) body.insertRow().insertCell().append("本页没有快捷键。");
  list.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || list.open) return;
  if (event.key === "?") show();
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else {
    const element = reached().find((one) => one.dataset.key === event.key);
    if (!element) return;
    element.focus();
    if (!element.matches("input[type=search], select")) element.click();
  }
  event.preventDefault();
});
