// A passkey answers the question that stands in the page; the form takes the answer along. Nothing is fetched.
"use strict";
{
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

for (const part of document.querySelectorAll("[data-passkey]")) {
  const way = part.dataset.passkey;
  const asked = JSON.parse(part.dataset.options);
  const button = part.querySelector("button");
  if (!window.PublicKeyCredential) continue;
  part.querySelector("[data-without]").hidden = true;
  button.hidden = false;
  asked.challenge = bytes(asked.challenge);
  if (asked.user) asked.user.id = bytes(asked.user.id);
  asked.allowCredentials = named(asked.allowCredentials);
  asked.excludeCredentials = named(asked.excludeCredentials);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const found = await navigator.credentials[way]({ publicKey: asked });
      const response = {};
      for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
        if (found.response[name]) response[name] = text(found.response[name]);
      }
      part.querySelector("input").value = JSON.stringify({
        id: found.id, rawId: text(found.rawId), type: found.type, response, clientExtensionResults: {},
      });
      button.form.submit();
    } catch {
      part.querySelector("[data-failed]").hidden = false;
      button.disabled = false;
    }
  });
}
}
