"use strict";
// The pages work without this file; with it, a click shows the ledger in place, and uploads and work show their progress.
document.addEventListener("DOMContentLoaded", () => {
  const POLL = 2500;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // The letter beside its ledger
  const letter = document.querySelector("[data-beside-url]");
  const ledger = document.getElementById("ledger");
  const kept = new Map();

  function scrollToWords(root) {
    all("[data-scroll]", root).forEach((box) => {
      const mark = box.querySelector("mark");
      if (mark) box.scrollTop = Math.max(0, mark.offsetTop - box.clientHeight / 3);
    });
  }

  async function fetched(url) {
    if (!kept.has(url)) {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status === 429 ? "Too many requests: wait a moment and choose again." : "This could not be loaded. Load the page again.");
      kept.set(url, await answer.text());
    }
    return kept.get(url);
  }

  function dirty(root) {
    return all("textarea, input[type=text]", root).some((field) => field.value !== field.defaultValue);
  }

  async function showBeside(link, query) {
    if (dirty(ledger) && !window.confirm("Leave what you typed?")) return;
    all("[aria-pressed=true]", letter).forEach((other) => other.setAttribute("aria-pressed", "false"));
    if (link.matches("[data-beside]")) link.setAttribute("aria-pressed", "true");
    ledger.setAttribute("aria-busy", "true");
    try {
      ledger.innerHTML = await fetched(`${letter.dataset.besideUrl}?version=${letter.dataset.version}&${query}`);
      scrollToWords(ledger);
      history.replaceState(null, "", link.href);
    } catch (error) {
      ledger.textContent = error.message;
    }
    ledger.removeAttribute("aria-busy");
    if (ledger.getBoundingClientRect().top > window.innerHeight - 80) ledger.scrollIntoView({ block: "start" });
  }

  if (letter && ledger) {
    letter.addEventListener("click", (event) => {
      const link = event.target.closest("[data-beside], [data-section]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      showBeside(link, link.dataset.beside ? `sentence=${link.dataset.beside}` : `section=${link.dataset.section}`);
    });
    letter.addEventListener("keydown", (event) => {
      if (event.key === " " && event.target.matches("[data-beside]")) {
        event.preventDefault();
        event.target.click();
      }
    });
    scrollToWords(ledger);
  }

  // The work on a case
  const work = document.getElementById("work");

  async function look() {
    let wait = POLL;
    try {
      const answer = await fetch(work.dataset.poll, { credentials: "same-origin" });
      if (answer.status === 429) wait = 1000 * Number(answer.headers.get("Retry-After") || 10);
      else if (answer.redirected || !answer.ok) return;
      else {
        const html = await answer.text();
        if (html.trim() !== work.innerHTML.trim()) work.innerHTML = html;
        if (!work.querySelector("[data-live]")) return ended();
      }
    } catch {
      wait = 4 * POLL;
    }
    setTimeout(look, wait);
  }

  function ended() {
    if (!dirty(document) && !document.querySelector("[data-sending]")) return window.location.reload();
    const told = document.createElement("p");
    told.className = "lp-run";
    told.textContent = "The work is done. Load the page again to see what came of it; what you have typed is not saved yet.";
    work.replaceChildren(told);
  }

  if (work && work.querySelector("[data-live]")) setTimeout(look, POLL);

  // Several files at once, with a bar for each: the bytes go out in the order of the list
  all("form[data-upload]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    const list = form.querySelector("[data-files]");
    const told = form.querySelector("[data-told]");
    const drop = form.querySelector(".lp-drop");

    function shown() {
      list.replaceChildren(...[...input.files].map((file, index) => {
        const row = document.createElement("li");
        const name = document.createElement("label");
        const bar = document.createElement("progress");
        bar.id = `file-${index}`;
        bar.max = Math.max(1, file.size);
        bar.value = 0;
        name.htmlFor = bar.id;
        name.textContent = `${file.name} (${(file.size / 1024).toFixed(0)} kB)`;
        row.append(name, bar);
        return row;
      }));
      told.textContent = "";
    }

    function advance(loaded, total) {
      const sizes = [...input.files].map((file) => file.size);
      const framing = Math.max(0, total - sizes.reduce((sum, size) => sum + size, 0)) / Math.max(1, sizes.length);
      let left = loaded;
      all("progress", list).forEach((bar, index) => {
        bar.value = Math.max(0, Math.min(sizes[index] || 1, left));
        left -= sizes[index] + framing;
      });
    }

    function message(request) {
      try {
        return JSON.parse(request.responseText).message;
      } catch {
        return request.status === 429 ? "Too many uploads in a short time; try again later." : "The upload did not work; try again.";
      }
    }

    input.hasChangeListener = true; // the admin's own script would look for its kind of file field around this one
    input.addEventListener("change", shown);
    ["dragover", "dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("lp-over-drop", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        input.files = event.dataTransfer.files;
        shown();
      }
    }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.files.length > Number(form.dataset.most)) {
        told.textContent = `Choose at most ${form.dataset.most} files at once.`;
        return;
      }
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (sent) => advance(sent.loaded, sent.total));
      request.addEventListener("loadend", () => {
        form.removeAttribute("data-sending");
        told.textContent = message(request);
        if (request.status === 201) {
          form.reset();
          setTimeout(() => window.location.reload(), 700);
        }
      });
      form.setAttribute("data-sending", "");
      told.textContent = "Uploading.";
      request.send(new FormData(form));
    });
  });
});
