// The QR's address keeps the code behind «#»: no server and no log sees it. It goes into the field,
// and out of the address and the history at once.

const code = decodeURIComponent(location.hash.slice(1));
if (code) {
  history.replaceState(null, "", location.pathname);
  const form = document.getElementById("activation");
  form.elements.code.value = code;
  form.requestSubmit();
}
