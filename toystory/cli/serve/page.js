"use strict";
// textual.js makes the terminal and believes to hold one WebSocket. What it gets is a line that outlives the
// sockets below it, knows why one was closed, and opens the next.

const RealSocket = window.WebSocket;
const folder = new URL(".", location.href);
const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => n.toString(16)).join("");
const LONGEST_PAUSE = 30;
const element = (id) => document.getElementById(id);

const WORDS = {
  "ended": "toystory is closed. What you did is kept.",
  "full": "toystory is full.",
  "killed": "toystory was ended. What you did until then is kept.",
  "failed": "Something went wrong.",
  "idle": "toystory went to sleep: no key was pressed for a long while. What you did is kept.",
  "in use": "toystory is open in another window or tab, with the same record.",
  "taken over": "toystory was opened in another window or tab, and goes on there.",
  "stopped": "The server was stopped. What you did is kept.",
  "lost": "The connection is lost. What you did is kept.",
  "refused": "toystory can't be opened here.",
  "blocked": "This page comes through, but not the connection that it needs: a proxy in between must pass WebSockets on.",
};
const BUTTONS = { "in use": "Take it over", "taken over": "Take it over again", "full": "Try now", "idle": "Go on" };
const RETRIED = new Set(["full", "stopped", "lost", "blocked"]);

let line;

class Line extends EventTarget {
  constructor(address) {
    super();
    line = this;
    const asked = new URL(address, folder).searchParams;
    this.size = { width: asked.get("width"), height: asked.get("height") };
    this.tries = 0;
    this.open(false);
  }

  open(take) {
    clearTimeout(this.timer);
    const address = new URL("ws", folder);
    address.protocol = folder.protocol === "https:" ? "wss:" : "ws:";
    const asked = { ...this.size, page, token: document.body.dataset.token, clipboard: canCopy() ? 1 : 0 };
    if (take) asked.take = 1;
    address.search = new URLSearchParams(asked);
    let opened = false;
    let why = null;
    const socket = this.socket = new RealSocket(address);
    socket.binaryType = "arraybuffer";
    socket.addEventListener("open", () => {
      opened = true;
      this.dispatchEvent(new Event("open"));
      // The terminal has had it since before there was anyone to tell.
      if (document.hasFocus()) this.send('["focus"]');
    });
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        if (this.tries || element("closed").open) this.back();
        this.dispatchEvent(new MessageEvent("message", { data }));
        return;
      }
      const [kind, value] = JSON.parse(data);
      if (kind === "closed") why = value;
      else if (kind === "download") download(value);
      else this.dispatchEvent(new MessageEvent("message", { data }));
    });
    socket.addEventListener("close", () => {
      if (socket !== this.socket) return;
      if (why) this.closed(why.why, why.text);
      else if (opened) this.closed("lost", "");
      else this.ask();
    });
  }

  send(text) {
    const said = JSON.parse(text);
    if (said[0] === "resize") this.size = said[1];
    if (this.socket.readyState === RealSocket.OPEN) this.socket.send(text);
  }

  // A page can't see why it was not let in: it asks in words.
  async ask() {
    let answer;
    try {
      answer = await fetch(new URL("hello", folder), { method: "POST", body: document.body.dataset.token });
    } catch {
      return this.closed("lost", "");
    }
    if (answer.ok) return this.closed(this.tries ? "blocked" : "lost", "");
    if (answer.status === 403) return this.closed("refused", await answer.text());
    return this.closed("lost", "");
  }

  closed(why, text) {
    if (why === "someone else") return someoneElse();
    element("opening").hidden = true;
    element("why").textContent = WORDS[why] || WORDS.lost;
    element("more").textContent = text;
    element("again").textContent = BUTTONS[why] || "Open it again";
    element("other").hidden = !document.body.dataset.shared;
    this.take = why === "in use" || why === "taken over";
    this.reload = why === "refused";
    if (!element("closed").open) {
      element("copied").close();
      element("closed").showModal();
    }
    element("again").focus();
    if (RETRIED.has(why)) this.wait(text);
  }

  // A pause that grows, and is not the same for all who wait.
  wait(text) {
    let seconds = Math.min(LONGEST_PAUSE, 2 ** this.tries) * (1 + Math.random() / 2);
    this.tries += 1;
    const end = Date.now() + 1000 * seconds;
    const count = () => {
      seconds = Math.ceil((end - Date.now()) / 1000);
      if (seconds <= 0) return this.open(false);
      element("more").textContent = `${text}\nIt is tried again in ${seconds} s.`.trim();
      this.timer = setTimeout(count, 500);
    };
    count();
  }

  again() {
    if (this.reload) return location.reload();
    element("more").textContent = "toystory is opening…";
    this.open(this.take);
  }

  back() {
    this.tries = 0;
    element("closed").close();
    focusTerminal();
  }
}
window.WebSocket = Line;

async function someoneElse() {
  await fetch(new URL("leave", folder), { method: "POST", body: document.body.dataset.token }).catch(() => {});
  location.reload();
}

function download({ name, kind, data }) {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// The clipboard

const clipboard = window.isSecureContext && navigator.clipboard;
function canCopy() {
  return Boolean(clipboard);
}
function show(text) {
  element("text").value = text;
  element("copied").showModal();
  element("text").select();
}
Object.defineProperty(navigator, "clipboard", {
  value: {
    readText: () => (clipboard ? clipboard.readText() : Promise.resolve("")),
    writeText: async (text) => {
      try {
        await clipboard.writeText(text);
      } catch {
        show(text);
      }
    },
  },
});

function focusTerminal() {
  document.querySelector(".xterm-helper-textarea")?.focus();
}

// The browser's own keys stay the browser's: to reload, and to paste what the system's clipboard holds.
addEventListener(
  "keydown",
  (event) => {
    const key = event.key.toLowerCase();
    const controlled = event.ctrlKey || event.metaKey;
    if (key === "f5" || (controlled && (key === "r" || key === "v"))) event.stopImmediatePropagation();
  },
  true,
);

addEventListener("load", () => {
  // There is nothing behind it to go back to.
  element("closed").addEventListener("cancel", (event) => event.preventDefault());
  element("copied").addEventListener("close", focusTerminal);
  element("again").addEventListener("click", () => line.again());
  element("other").addEventListener("click", someoneElse);
  element("done").addEventListener("click", () => element("copied").close());
  // The terminal is made when the page has loaded; then it shall hear the keys without a click.
  focusTerminal();
});
