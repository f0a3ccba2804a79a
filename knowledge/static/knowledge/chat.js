"use strict";
// The page works without this file; with it, an answer shows sentence by sentence while it is written.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-chat]");
  const messages = document.getElementById("messages");
  if (!form || !window.ReadableStream) return;
  const told = form.querySelector("[data-told]");
  const field = form.elements.question;

  function said(kind, heading) {
    const box = document.createElement("article");
    const head = document.createElement("h2");
    const words = document.createElement("p");
    box.className = `lp-card lp-said-${kind}`;
    head.textContent = heading;
    words.className = "lp-text";
    box.append(head, words);
    messages.append(box);
    return { box, words };
  }

  async function sent(url, body) {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify(body),
    });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Error(problem.detail || "This did not work. Try again in a moment.");
  }

  // Frames end with an empty line; lines that begin with a colon are signs of life.
  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const frames = (rest + value).split("\n\n");
      rest = frames.pop();
      for (const frame of frames) {
        const lines = frame.split("\n").filter((line) => !line.startsWith(":"));
        const part = (name) => (lines.find((line) => line.startsWith(`${name}: `)) || "").slice(name.length + 2);
        if (part("event")) yield { name: part("event"), data: JSON.parse(part("data")) };
      }
    }
  }

  async function conversation() {
    if (form.dataset.conversation) return form.dataset.conversation;
    const made = await (await sent(form.dataset.conversations, {})).json();
    form.dataset.conversation = made.id;
    form.dataset.made = "yes";
    return made.id;
  }

  async function refreshed(page, message) {
    const answer = await fetch(page, { credentials: "same-origin" });
    const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = whole.getElementById("messages");
    if (!answer.ok || !fresh) return window.location.assign(page);
    messages.replaceChildren(...fresh.childNodes);
    document.getElementById(`m-${message}`)?.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const body = { question: field.value, ...(form.elements.on.value ? { on: form.elements.on.value } : {}) };
    button.disabled = true;
    told.textContent = "Looking through the guidance.";
    const shown = [];
    try {
      const pk = await conversation();
      const answer = await sent(`${form.dataset.conversations}${pk}/messages/stream/`, body);
      const asked = said("user", "You asked");
      asked.words.textContent = body.question;
      const growing = said("assistant", "Answer");
      shown.push(asked, growing);
      growing.box.setAttribute("aria-busy", "true");
      let last = null;
      for await (const { name, data } of events(answer.body)) {
        if (name === "delta") growing.words.textContent += data.text;
        if (name === "done" || name === "error") last = { name, data };
      }
      if (!last) throw new Error("The connection broke before the answer was complete. Load the page again.");
      field.value = "";
      told.textContent = last.name === "error" ? last.data.detail : "The answer is complete.";
      const page = `${form.dataset.page}${pk}/change/`;
      const message = last.data.id || last.data.message;
      if (form.dataset.made) window.location.assign(`${page}#m-${message}`);
      else await refreshed(page, message);
    } catch (error) {
      told.textContent = error.message;
      shown.forEach(({ box }) => box.removeAttribute("aria-busy"));
    }
    button.disabled = false;
  });
});
