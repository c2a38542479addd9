"""What FastAPI passes and holds, each value in a label of its own."""

from __future__ import annotations

import uuid
from typing import Any

from fastapi.testclient import TestClient

SERVICE = """\
import enum, uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Optional, Union
from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    FastAPI,
    File,
    Form,
    Header,
    HTTPException,
    Path,
    Query,
    Request,
    Response,
    Security,
    UploadFile,
    WebSocket,
    status,
)
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer, HTTPAuthorizationCredentials
from prometheus_client import Counter, generate_latest
from pydantic import BaseModel, Field, field_validator, constr, conint
from starlette.middleware.base import BaseHTTPMiddleware


# metrics
class Color(str, enum.Enum):
    RED = "red"
    BLUE = "blue"


class Num(enum.IntEnum):
    ONE = 1
    TWO = 2


class Inner(BaseModel):
    name: str
    color: Color = Color.RED


class Model(BaseModel):
    text: str
    n: int
    small: int = Field(1, ge=1, le=5)
    kind: Literal["a", "b"] = "a"
    color: Color = Color.RED
    flag: bool = False
    when: date = date(2024, 1, 1)
    uid: Optional[uuid.UUID] = None
    inner: Inner
    items: list[Inner] = []
    tags: list[str] = []
    extra: dict[str, str] = {}
    pat: str = Field("x", pattern="^(x|y)$")
    either: Union[int, str] = 1
    valid: str = "p"
    any_: Any = None

    @field_validator("valid")
    @classmethod
    def check(cls, v):
        if v not in {"p", "q"}:
            raise ValueError("no")
        return v


app = FastAPI()
router = APIRouter(prefix="/r", tags=["r"])
key = APIKeyHeader(name="x-key", auto_error=False)
bearer = HTTPBearer(auto_error=False)


@dataclass
class Pages:
    page: int = 1
    size: int = Query(10, ge=1, le=3)


class Common:
    def __init__(self, q: str = "none", limit: int = 10):
        self.q = q
        self.limit = limit


async def who(request: Request, x_user: str = Header("nobody")) -> str:
    # fields: dep
    return x_user


def current(token: Optional[str] = Depends(key)) -> dict:
    return {"id": token, "role": "admin" if token == "a" else "user"}


class Timed(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await original(request)
            # fields: route
            return response

        return handler


timed = APIRouter(route_class=Timed, prefix="/t")


@app.middleware("http")
async def mid(request: Request, call_next):
    response = await call_next(request)
    # fields: mw
    return response


@app.get("/p/{color}/{num}/{lit}/{text}/{n}")
async def path(color: Color, num: Num, lit: Literal["a", "b"], text: str, n: Annotated[int, Path(ge=0)]):
    # fields: path
    return {}


@app.get("/q")
async def query(
    q: str,
    n: int = 0,
    b: bool = False,
    c: Color = Color.RED,
    lit: Optional[Literal["a", "b"]] = None,
    small: int = Query(1, ge=1, le=4),
    pat: str = Query("x", pattern="^(x|y)$"),
    many: list[str] = Query([]),
    opt: Optional[str] = None,
    ua: Optional[str] = Header(None, alias="user-agent"),
    sid: Optional[str] = Cookie(None),
    f: float = 0.0,
    d: Optional[date] = None,
    ann: Annotated[Optional[str], Query(max_length=50)] = None,
):
    # fields: query
    return {}


@router.post("/m")
async def model(
    m: Model,
    tasks: BackgroundTasks,
    single: str = Body("x"),
    user: str = Depends(who),
    cu: dict = Depends(current),
    pages: Pages = Depends(),
    common: Annotated[Common, Depends()] = None,
):
    # fields: model
    tasks.add_task(later, m.text, m.color)
    return {}


def later(text, color):
    # fields: later
    pass


@app.post("/f")
async def form(name: str = Form(...), up: UploadFile = File(...)):
    # fields: form
    return {}


@app.get("/a")
async def auth(cred: Optional[HTTPAuthorizationCredentials] = Depends(bearer), k: Optional[str] = Security(key)):
    # fields: auth
    return {}


@app.get("/boom/{x}")
async def boom(x: str):
    raise HTTPException(status_code=status.HTTP_418_IM_A_TEAPOT, detail=f"no {x}")


@app.exception_handler(HTTPException)
async def http(request: Request, exc: HTTPException):
    # fields: http
    return PlainTextResponse("no", status_code=exc.status_code)


@app.exception_handler(RequestValidationError)
async def invalid(request, exc):
    # fields: invalid
    return PlainTextResponse("no", status_code=422)


@timed.get("/x/{y}")
async def timedx(y: str):
    return {}


@app.websocket("/ws/{room}")
async def ws(websocket: WebSocket, room: str, q: Optional[str] = None):
    await websocket.accept()
    data = await websocket.receive_text()
    # fields: ws
    await websocket.close()


@app.get("/metrics")
def metrics():
    return Response(generate_latest())


app.include_router(router)
app.include_router(timed)
"""

FIELDS = {
    "dep": """
        x_user
        request.url.path
        request.scope["route"].path
        request.path_params.get("x", "none")
    """,
    "route": """
        self.path
        self.name
        request.url.path
        response.status_code
        self.path_format
        request.scope["route"].path
        original.__name__
    """,
    "mw": """
        request.scope.get("route").path if request.scope.get("route") else "none"
        getattr(request.scope.get("route"), "path", "none")
        getattr(request.scope.get("route", None), "path", request.url.path)
        request.scope["route"].name if "route" in request.scope else "none"
        next((r.path for r in request.app.routes if r.matches(request.scope)[0].value == 2), "none")
        request.scope["endpoint"].__name__ if "endpoint" in request.scope else "none"
        request.scope["endpoint"].__module__ if "endpoint" in request.scope else "none"
        request.url.path.replace("/", "_")
        response.status_code
        response.headers.get("x-process-time", "none")
        request.state.user if hasattr(request.state, "user") else "none"
        request.path_params.get("x", "none")
    """,
    "path": """
        color
        color.value
        color.name
        num
        num.value
        lit
        text
        n
        n % 3
        text.lower()
        str(color)
        f"{color.value}-{lit}"
    """,
    "query": """
        q
        n
        b
        c
        c.value
        lit
        small
        pat
        many
        len(many)
        many[0]
        opt
        opt or "none"
        ua
        sid
        f
        d
        ann
        q if q in ("w1", "w2") else "other"
        "set" if opt else "unset"
        str(b).lower()
        opt is None
        min(small, 3)
    """,
    "model": """
        m.text
        m.n
        m.small
        m.kind
        m.color
        m.color.value
        m.flag
        m.when
        m.uid
        m.inner.name
        m.inner.color.value
        m.items[0].name
        len(m.items)
        m.items[0].color.value
        m.tags[0]
        m.extra.get("k")
        m.pat
        m.either
        m.valid
        m.any_
        m.model_dump()["text"]
        m.model_dump()["kind"]
        m.dict()["text"]
        type(m).__name__
        str(m)
        single
        user
        cu["id"]
        cu["role"]
        cu.get("id")
        pages.page
        pages.size
        common.q
        common.limit
        m.n // 10 % 3
        m.model_fields_set
        getattr(m, "text")
        m.copy().text
        m.when.year
        m.when.weekday()
    """,
    "later": """
        text
        color
        color.value
    """,
    "form": """
        name
        up.filename
        up.content_type
        up.size
        up.filename.rsplit(".", 1)[-1]
        (await up.read()).decode()
    """,
    "auth": """
        cred.credentials
        cred.scheme
        k
        cred.scheme.lower() if cred else "none"
    """,
    "http": """
        exc.status_code
        exc.detail
        str(exc)
        request.url.path
    """,
    "invalid": """
        str(exc)
        exc.errors()[0]["type"]
        exc.errors()[0]["loc"][-1]
        exc.errors()[0]["msg"]
        len(exc.errors())
        exc.body
        type(exc).__name__
    """,
    "ws": """
        room
        q
        data
        websocket.url.path
        websocket.client.host
        websocket.headers.get("user-agent")
        websocket.path_params["room"]
        websocket.query_params.get("q")
        websocket.scope["path"]
        websocket.scope["type"]
        websocket.application_state.name
    """,
}


def drive(app: Any, count: int) -> str:
    with TestClient(app.app, raise_server_exceptions=False) as c:
        for n in range(count):
            c.get(f"/p/{['red', 'blue', 'green'][n % 3]}/{1 + n % 3}/{'abc'[n % 3]}/t{n}/{n}")
            c.get(f"/p/red/1/a/t{n}/{n}")
            c.get(f"/p/blue/2/b/t{n}/{n}")
            c.get(
                "/q",
                params={
                    "q": f"w{n}",
                    "n": n,
                    "b": n % 2,
                    "c": ["red", "blue"][n % 2],
                    "lit": "ab"[n % 2],
                    "small": 1 + n % 4,
                    "pat": "xy"[n % 2],
                    "many": [f"m{n}"] * (n % 3 + 1),
                    "opt": f"o{n}",
                    "f": n / 3,
                    "d": f"{2000 + n}-01-01",
                    "ann": f"a{n}",
                },
                headers={"user-agent": f"a{n}", "cookie": f"sid=s{n}"},
            )
            c.get("/q", params={"q": f"w{n}", "small": 99 + n})
            c.get("/q", params={"q": f"w{n}", "lit": f"z{n}"})
            m = {
                "text": f"t{n}",
                "n": n,
                "small": 1 + n % 5,
                "kind": "ab"[n % 2],
                "color": ["red", "blue"][n % 2],
                "flag": bool(n % 2),
                "when": f"{2000 + n}-01-0{n % 9 + 1}",
                "uid": str(uuid.uuid4()),
                "inner": {"name": f"i{n}", "color": "blue"},
                "items": [{"name": f"j{n}"}] * (n + 1),
                "tags": [f"g{n}"],
                "extra": {"k": f"v{n}"},
                "pat": "xy"[n % 2],
                "either": f"e{n}",
                "valid": "pq"[n % 2],
                "any_": f"y{n}",
            }
            c.post(
                f"/r/m?q=w{n}&limit={n}&page={n}&size={1 + n % 3}",
                json={"m": m, "single": f"s{n}"},
                headers={"x-user": f"u{n}", "x-key": f"k{n}"},
            )
            c.post("/f", data={"name": f"n{n}"}, files={"up": (f"f{n}.e{n}", f"b{n}".encode(), f"image/x{n}")})
            c.get("/a", headers={"authorization": f"Bearer t{n}", "x-key": f"k{n}"})
            c.get(f"/boom/b{n}")
            c.get(f"/t/x/{n}")
            c.get(f"/nope{n}")
            c.request(f"M{n}", "/q")
            with c.websocket_connect(f"/ws/r{n}?q=w{n}", headers={"user-agent": f"a{n}"}) as ws:
                ws.send_text(f"d{n}")
        return c.get("/metrics").text
