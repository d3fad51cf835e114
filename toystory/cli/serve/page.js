// The terminal is made when the page has loaded; then it shall hear the keys without a click.
addEventListener("load", () => document.querySelector(".xterm-helper-textarea").focus());
