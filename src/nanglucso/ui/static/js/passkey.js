// Passkeys: what the server asks stands in the page (or is fetched), the browser answers it, and the answer travels in the form.
// A form says with data-passkey what is wanted: "create", "get" (second step) or "login" (no password). Without this file nothing is sent.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => buffer ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") : null;
const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

async function create(asked, wish) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: known(asked.excludeCredentials) };
  publicKey.authenticatorSelection = { ...asked.authenticatorSelection, ...wish };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  return { ...told(made), response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject), transports: made.response.getTransports?.() ?? [] } };
}
async function get(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) };
  const found = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
  return { ...told(found), response: { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: text(userHandle) } };
}
const told = (key) => ({ id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment, clientExtensionResults: key.getClientExtensionResults() });
// With a box ticked the key stands alone for name and password, so it must know its holder and ask for PIN or finger.
const alone = (form) => form.elements.passwordless?.checked ? { residentKey: "required", requireResidentKey: true, userVerification: "required" } : { residentKey: "discouraged", requireResidentKey: false };

async function answer(form) {
  if (form.dataset.passkey === "create") return create(JSON.parse(document.getElementById("js_data").textContent).creation_options.publicKey, alone(form));
  if (form.dataset.passkey === "get") return get(JSON.parse(document.getElementById("js_data").textContent).request_options.publicKey);
  const reply = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!reply.ok) throw new Error(String(reply.status));
  return get((await reply.json()).request_options.publicKey);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const wrong = form.querySelector("[data-wrong]"), button = form.querySelector("[data-go]");
  const able = Boolean(window.PublicKeyCredential && navigator.credentials);
  form.querySelector("[data-unable]").hidden = able;
  button.disabled = !able;
  form.hidden = !able && form.dataset.passkey === "login";
  form.addEventListener("submit", async (e) => {
    if (form.elements.credential.value) return;
    e.preventDefault();
    wrong.hidden = button.disabled = true;
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.requestSubmit();
    } catch {
      wrong.hidden = button.disabled = false;
      wrong.focus();
    }
  });
}
