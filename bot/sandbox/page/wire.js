// Requests to the sandbox's controls.

async function answered(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

export async function get(path) {
  return answered(await fetch(path));
}

export async function act(user, what) {
  const body = JSON.stringify({ user, ...what });
  return answered(await fetch("/sandbox/updates", { method: "POST", body, headers: { "Content-Type": "application/json" } }));
}
