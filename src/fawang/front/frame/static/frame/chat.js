// A conversation that keeps itself fresh: asks for what came after the last message, quickly while somebody is there.
(() => {
  "use strict";
  const list = document.getElementById("chat-lines");
  if (!list || !window.htmx) return;
  const QUICK = 2500, IDLE = 6000, HIDDEN = 20000, IDLE_AFTER = 120000;
  let timer = 0, active = Date.now(), away = false;
  const lastPosition = () => Math.max(0, ...[...list.querySelectorAll("[data-position]")].map((one) => Number(one.dataset.position)));
  const isOver = () => document.querySelector("[data-chat-over]") !== null;
  const wait = () => (document.hidden ? HIDDEN : Date.now() - active > IDLE_AFTER ? IDLE : QUICK);
  const again = (after = wait()) => {
    clearTimeout(timer);
    if (!isOver()) timer = setTimeout(ask, after);
  };
  const ask = () => {
    const state = document.getElementById("chat-state");
    const address = `${list.dataset.news}?after=${lastPosition()}&seen=${encodeURIComponent(state ? state.dataset.seen : "")}`;
    window.htmx.ajax("GET", address, { target: list, swap: "beforeend", headers: { "X-Background": "1" } }).finally(() => again());
  };
  // two answers may bring the same message: the first stays
  const settle = () => {
    const seen = new Set();
    list.querySelectorAll("[data-position]").forEach((one) => (seen.has(one.id) ? one.remove() : seen.add(one.id)));
    const final = list.lastElementChild;
    const box = list.closest("[data-scrolls]");
    if (box) box.scrollTop = box.scrollHeight;
    else if (final && document.activeElement && document.activeElement.id === "q-text") final.scrollIntoView({ block: "nearest" });
  };
  let count = list.children.length;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== list) return;
    settle();
    if (list.children.length > count) active = Date.now();
    count = list.children.length;
  });
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "chat-form") event.detail.parameters.after = lastPosition();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id !== "chat-form" || !event.detail.successful) return;
    active = Date.now();
    again(QUICK);
  });
  // --- no connection: what is typed stays in the box, the same key makes a second send the same message
  const notice = document.getElementById("chat-connection");
  const connected = (is) => {
    if (notice && away === is) notice.hidden = is;
    away = !is;
  };
  document.addEventListener("htmx:sendError", () => connected(false));
  document.addEventListener("htmx:timeout", () => connected(false));
  document.addEventListener("htmx:afterOnLoad", () => connected(true));
  document.addEventListener("visibilitychange", () => !document.hidden && again(100));
  document.addEventListener("keydown", (event) => {
    active = Date.now();
    if (event.target.id !== "q-text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  });
  // --- a quick phrase goes into the box, to be changed before it is sent
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase]");
    const box = document.getElementById("q-text");
    if (!phrase || !box) return;
    box.value = box.value.trim() ? `${box.value.trimEnd()}\n${phrase.dataset.phrase}` : phrase.dataset.phrase;
    box.focus();
  });
  settle();
  again();
})();
