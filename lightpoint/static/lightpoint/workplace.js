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

  // The work on a case: told by its stream of events, or asked for again and again where there is no stream
  const work = document.getElementById("work");
  const sight = document.getElementById("sight");
  const QUIET = 15000; // without a sign the stream counts as gone
  const SHORT = 5000; // a stream that ends sooner is none
  const STATES = { drafted: "drafted", checked: "checked", kept: "checked" };

  async function refreshed() {
    const answer = await fetch(work.dataset.poll, { credentials: "same-origin" });
    if (answer.status === 429) return 1000 * Number(answer.headers.get("Retry-After") || 10);
    if (answer.status >= 500) return 4 * POLL;
    if (answer.redirected || !answer.ok) {
      say("This page no longer follows the work, since you are signed out or may not see it. Load the page again.");
      return 0;
    }
    const html = await answer.text();
    if (html.trim() !== work.innerHTML.trim()) work.innerHTML = html;
    if (work.querySelector("[data-live]")) return POLL;
    ended();
    return 0;
  }

  async function look() {
    const wait = await refreshed().catch(() => 4 * POLL);
    if (wait) setTimeout(look, wait);
  }

  async function ended() {
    if (sight && !sight.hidden && document.querySelector("[data-fresh]") && await freshened().catch(() => false)) return;
    if (!dirty(document) && !document.querySelector("[data-sending]")) return window.location.reload();
    say("The work is done. Load the page again to see what came of it; what you have typed is not saved yet.");
  }

  function say(words) {
    work.replaceChildren(element("p", words, { class: "lp-run" }));
  }

  // The text stays where it is read; what the page says of the case beside it is fetched anew
  async function freshened() {
    const answer = await fetch(window.location.href, { credentials: "same-origin" });
    if (answer.redirected || !answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    all("[data-fresh]").forEach((part) => {
      const fresh = page.querySelector(`[data-fresh="${part.dataset.fresh}"]`);
      if (fresh && !dirty(part)) part.replaceWith(document.importNode(fresh, true));
    });
    sight.querySelector("[data-said]").textContent = "Finished.";
    return true;
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function letterInSight(told) {
    if (sight.dataset.run !== String(told.run)) {
      all("article", sight).forEach((old) => old.remove());
      sight.dataset.run = told.run;
      sight.querySelector("[data-said]").textContent = "";
    }
    let article = sight.querySelector(`article[data-letter="${told.letter}"]`);
    if (!article) {
      article = element("article", "", { class: "lp-letter", "data-letter": told.letter });
      article.append(element("h3", told.name));
      sight.append(article);
    }
    sight.hidden = false;
    return article;
  }

  function showText(told) {
    const article = letterInSight(told);
    const shown = element("section", "", { "data-section": told.section, "data-state": told.state });
    const head = element("h4", told.title);
    head.append(" ", element("span", STATES[told.state], { class: "lp-state", "data-state": told.state }));
    shown.append(head, ...told.paragraphs.map((text) => element("p", text)));
    const others = all("[data-section]", article);
    const same = others.find((one) => Number(one.dataset.section) === told.section);
    if (same) return same.replaceWith(shown);
    const after = others.find((one) => Number(one.dataset.section) > told.section);
    article.insertBefore(shown, after || null);
  }

  function showVersion(told) {
    const article = sight.querySelector(`article[data-letter="${told.letter}"]`);
    if (!article || sight.dataset.run !== String(told.run)) return;
    const link = element("a", `Version ${told.version}: read it beside its ledger`, { href: sight.dataset.letterUrl.replace("/0/", `/${told.id}/`) });
    const head = article.querySelector("h3");
    const older = head.querySelector("a");
    if (older) older.replaceWith(link);
    else head.append(" ", link);
  }

  function moved(run) {
    const row = work.querySelector(`[data-live="${run.id}"]`);
    const at = row && row.querySelector("[data-at]");
    if (!row || run.state !== "running" || !("done" in run) || at.dataset.at !== run.step) return false;
    row.querySelector("[data-part]").textContent = run.total ? `: ${run.done} of ${run.total}` : "";
    const bar = row.querySelector("progress");
    if (run.total) {
      bar.max = run.total;
      bar.value = run.done;
    }
    return true;
  }

  function follow() {
    const source = new EventSource(work.dataset.events);
    let opened = Date.now();
    let short = 0;
    let quiet = 0;
    let asked = 0;

    function leave(then) {
      source.close();
      clearTimeout(quiet);
      if (then) then();
    }

    function heard() {
      clearTimeout(quiet);
      quiet = setTimeout(() => leave(look), QUIET);
    }

    // The words of a step are the server's; several changes in a moment are one request
    function askSoon() {
      if (asked) return;
      asked = setTimeout(async () => {
        asked = 0;
        const wait = await refreshed().catch(() => POLL);
        if (!wait) leave();
        else if (wait !== POLL) leave(() => setTimeout(look, wait));
      }, 300);
    }

    function on(name, act) {
      source.addEventListener(name, (event) => {
        heard();
        act(JSON.parse(event.data));
      });
    }

    heard();
    source.addEventListener("open", () => { opened = Date.now(); });
    source.addEventListener("error", () => {
      short = Date.now() - opened < SHORT ? short + 1 : 0;
      if (source.readyState === EventSource.CLOSED || short > 1) leave(look);
    });
    on("state", (state) => {
      if (sight) state.text.forEach(showText);
      askSoon();
    });
    on("run", (run) => {
      if (!moved(run)) askSoon();
    });
    on("text", (told) => sight && showText(told));
    on("version", (told) => sight && showVersion(told));
    on("alive", () => {});
  }

  if (work && work.querySelector("[data-live]")) follow();

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
