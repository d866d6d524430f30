"""An OpenID provider for tests, of the standard's own shape: discovery, the code flow with PKCE, signed tokens, sign-out.

`python openid_provider.py PORT` serves at 127.0.0.1. Whoever is asked for by `?as=NAME` on its sign-in page is signed in.
"""

import base64
import hashlib
import secrets
import sys
import time
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

PORT = int(sys.argv[1])
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})
CLIENT, SECRET = "transparency", "the secret of the tests"
PEOPLE = {
    "ann": {"sub": "ann-1", "name": "Ann", "email": "ann@example.org", "email_verified": True},
    "bob": {"sub": "bob-2", "name": "Bob", "email": "bob@example.org", "email_verified": True},
    "chief": {"sub": "chief-3", "name": "Chief", "email": "chief@example.org", "email_verified": True},
    # Whose sign-in is a day old already.
    "late": {"sub": "late-4", "name": "Late", "email": "late@example.org", "email_verified": True, "age": 86_400},
}
_codes: dict[str, dict] = {}


def discovery(request: Request) -> Response:
    return JSONResponse(
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "end_session_endpoint": f"{ISSUER}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


def keys(request: Request) -> Response:
    return JSONResponse({"keys": [KEY.as_dict(private=False)]})


def authorize(request: Request) -> Response:
    asked = dict(request.query_params)
    if asked.get("client_id") != CLIENT or asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
        return Response("This is no request of the code flow with PKCE.", 400)
    person = asked.pop("as", "")
    if person not in PEOPLE:
        links = "".join(f'<p><a href="/authorize?{urlencode(asked | {"as": name})}">{name}</a></p>' for name in PEOPLE)
        return HTMLResponse(f"<h1>Who are you?</h1>{links}")
    code = secrets.token_urlsafe(16)
    _codes[code] = asked | {"person": person}
    return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)


async def token(request: Request) -> Response:
    form = dict(await request.form())
    basic = request.headers.get("authorization", "").removeprefix("Basic ")
    client = base64.b64decode(basic).decode() if basic else f"{form.get('client_id')}:{form.get('client_secret')}"
    asked = _codes.pop(str(form.get("code")), None)
    verifier = hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest()
    is_sound = asked and base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == asked["code_challenge"]
    if (
        not is_sound
        or client.replace("+", " ").replace("%20", " ") != f"{CLIENT}:{SECRET}"
        or form.get("redirect_uri") != asked["redirect_uri"]
    ):
        return JSONResponse({"error": "invalid_grant"}, 400)
    person = dict(PEOPLE[asked["person"]])
    now = int(time.time()) - person.pop("age", 0)
    claims = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": int(time.time()) + 300, "nonce": asked.get("nonce", "")} | person
    id_token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
    return JSONResponse({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 300, "id_token": id_token})


def end(request: Request) -> Response:
    return RedirectResponse(request.query_params.get("post_logout_redirect_uri", ISSUER), 302)


app = Starlette(
    routes=[
        Route("/.well-known/openid-configuration", discovery),
        Route("/keys", keys),
        Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]),
        Route("/end", end),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
