"""Processes, hosts, files and environment of the standard library (knowledge C1)."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, deployment, leads, transfer, unbounded
from cardlint.knowledge.schema import Library, Row

FILE = "nothing, or the kind of file: a file name belongs in a log line"

LIBRARY = Library(
    packages=(
        "os", "socket", "platform", "threading", "multiprocessing", "asyncio", "sys", "pathlib", "glob", "tempfile", "importlib", "traceback",
        "logging", "mimetypes", "http", "urllib", "json", "csv", "itertools", "functools", "bisect", "math", "zlib", "copy", "typing", "base64",
        "getpass", "signal", "subprocess", "concurrent", "collections", "errno", "enum", "inspect", "ipaddress", "shutil", "string", "html", "textwrap", "re",
        "contextvars", "argparse", "configparser", "operator", "posixpath", "unicodedata", "builtins", "sqlite3", "xml", "email", "smtplib",
    ),
    rows=(
        *deployment("process", "the id of a process, new with every restart", "os.getpid()", "os.getppid()", "multiprocessing.current_process().pid"),
        *unbounded("thread", "the id of a thread", *below("threading.", "get_ident()", "get_native_id()", "current_thread().ident", "current_thread().native_id"), advice="a name you give yourself, from a fixed set"),
        *unbounded("thread", "the name of a thread or task; default names count up", "threading.current_thread().name", "asyncio.current_task().get_name()", "multiprocessing.current_process().name", advice="a name you give yourself, from a fixed set"),
        *deployment("host", "the name of the machine", "socket.gethostname()", "socket.getfqdn()", "platform.node()", "os.uname().nodename", "os.uname()[1]", "os.environ[HOSTNAME]", "os.environ.get(HOSTNAME)"),
        *deployment("config", "a setting of the deployment", "os.environ[]", "os.environ.get()", "os.getenv()", "os.environb[]", "sys.argv[]", "os.environ.setdefault()", "getpass.getuser()", "os.getlogin()", "configparser.ConfigParser[]", "configparser.ConfigParser.get()"),
        *deployment("config", "an argument of the command line", "argparse.Namespace", deep=True),
        *deployment("config", "a file of the package", "importlib.resources.files()", "importlib.resources.read_text()", "importlib.resources.open_text()", "pkgutil.get_data()", deep=True),
        *deployment("config", "a setting from a file", "json.load()", "tomllib.load()", "tomllib.loads()", deep=True),
        *leads(("argparse.ArgumentParser.parse_args()", "argparse.Namespace"), ("argparse.ArgumentParser", "argparse.ArgumentParser")),
        *deployment("version", "the version of what runs", "importlib.metadata.version()", *below("platform.", "platform()", "python_version()", "system()", "release()", "machine()", "version()", "python_implementation()"), "sys.version", "sys.platform", "sys.version_info"),
        *unbounded("address", "the address of the peer", "socket.socket.getpeername()", "socket.socket.accept()[1]", "socket.socket.recvfrom()[1]", "asyncio.StreamWriter.get_extra_info()", advice=LOG),
        *unbounded("file-path", "a file name", *below("os.", "listdir()[*]", "scandir()[*]", "walk()[*]"), "glob.glob()[*]", "glob.iglob()[*]", "pathlib.Path.iterdir()[*]", "pathlib.Path.glob()[*]", "pathlib.Path.rglob()[*]", "tempfile.mkdtemp()", "tempfile.mktemp()", "tempfile.NamedTemporaryFile.name", advice=FILE),
        *deployment("inventory", "the ending of a file name", "pathlib.Path.suffix"),
        *(Row(path, "unbounded", None, "file-input", "the text of a file", how="file", advice=LOG, deep=True) for path in ("builtins.open().read()", "pathlib.Path.read_text()", "pathlib.Path.read_bytes()")),
        *unbounded("file-input", "text read from a file or the terminal", "builtins.input()", "builtins.open().readline()", "builtins.open().readlines()", "builtins.open()[*]", "sys.stdin.read()", "sys.stdin.readline()", "sys.stdin[*]", "csv.reader()[*]", "csv.DictReader[*]", advice=LOG),
        *unbounded("exception-text", "the text of an exception", "builtins.BaseException", advice="`type(e).__name__`, the class of the exception", deep=False),
        *unbounded("exception-text", "the text of an exception", *below("builtins.BaseException", ".args", ".message", ".msg", ".reason", ".detail", ".details", ".description", ".errors()", ".strerror", ".filename", ".doc", ".body", ".text", ".orig", ".__str__()", ".__repr__()", ".__cause__", ".__context__"), "traceback.format_exc()", "traceback.format_exception()", "traceback.format_exception_only()", "sys.exc_info()[1]", advice="`type(e).__name__`, the class of the exception, and the text in a log line"),
        *bounded(130, "errno", "error number of the operating system", "builtins.BaseException.errno", "builtins.BaseException.winerror"),
        *bounded(30, "class-name", "class of the exception", "sys.exc_info()[0]", "sys.exc_info()[0].__name__", "builtins.BaseException.__name__"),
        *bounded(62, "status", "HTTP status", "builtins.BaseException.status_code", "builtins.BaseException.status", "urllib.error.HTTPError.code", "http.client.HTTPResponse.status", "builtins.BaseException.response.status_code", "builtins.BaseException.response.status"),
        *bounded(20, "code", "an error code", "builtins.BaseException.code", "builtins.BaseException.error_code", "builtins.BaseException.pgcode", "builtins.BaseException.orig.pgcode", "builtins.BaseException.returncode"),
        *unbounded("free-text", "the text of a log record", "logging.LogRecord.getMessage()", "logging.LogRecord.msg", "logging.LogRecord.message", advice="nothing: the text is in the log already"),
        *bounded(6, "log-level", "log level", "logging.LogRecord.levelname", "logging.LogRecord.levelno", "logging.getLevelName()"),
        *bounded(50, "code-name", "a name from the code", "logging.LogRecord.name", "logging.LogRecord.module", "logging.LogRecord.funcName", "logging.LogRecord.filename", "inspect.currentframe().f_code.co_name"),
        *bounded(95, "content-type", "media type of a file ending", "mimetypes.guess_type()[0]", "mimetypes.guess_type()"),
        *bounded(62, "status", "HTTP status", "http.HTTPStatus", "http.HTTPStatus()", "http.HTTPStatus[]", "http.HTTPStatus.value", "http.HTTPStatus.name", "http.HTTPStatus.phrase"),
        *bounded(9, "http-method", "HTTP method", "http.HTTPMethod", "http.HTTPMethod()", "http.HTTPMethod[]"),
        *unbounded("raw-path", "the raw request path", "http.server.BaseHTTPRequestHandler.path", "http.server.BaseHTTPRequestHandler.requestline", advice="the route that matched, with the constant \"unmatched\" for the rest"),
        *client(9, "http-method", "the HTTP method the client sent", "http.server.BaseHTTPRequestHandler.command"),
        *unbounded("address", "the address of the client", "http.server.BaseHTTPRequestHandler.client_address", advice=LOG),
        *transfer("same", "keeps its argument", "urllib.parse.quote()", "urllib.parse.quote_plus()", "urllib.parse.unquote()", "urllib.parse.unquote_plus()", "urllib.parse.urljoin()", "urllib.parse.urlunparse()", "urllib.parse.urlunsplit()", "json.dumps()", "copy.copy()", "copy.deepcopy()", "html.escape()", "html.unescape()", "textwrap.shorten()", "unicodedata.normalize()", "base64.b64encode()", "base64.urlsafe_b64encode()", "base64.b64decode()", "sys.intern()", *below("os.path.", "basename()", "dirname()", "join()", "normpath()", "abspath()", "realpath()", "splitext()", "split()", "relpath()"), "os.fspath()", "os.fsdecode()", "functools.wraps()", "builtins.format()", "builtins.ascii()", "builtins.abs()", "builtins.hex()", "builtins.oct()", "string.Template()"),
        *transfer("url-parts:params", "a part of its argument", "urllib.parse.urlparse()"),
        *transfer("url-parts", "a part of its argument", "urllib.parse.urlsplit()"),
        *transfer("arg:1", "keeps the value that is cast", "typing.cast()", "re.sub()", "builtins.setattr()"),
        *transfer("arg:2", "keeps the text that is searched", "re.subn()"),
        *transfer("arg:0", "keeps the future's coroutine", "asyncio.wait_for()", "asyncio.shield()", "asyncio.ensure_future()", "asyncio.create_task()"),
        *transfer("result:0", "the result of the function", "asyncio.to_thread()"),
        *transfer("bins", "index of a bin", "bisect.bisect()", "bisect.bisect_left()", "bisect.bisect_right()"),
        *transfer("element", "an element of the collection", "itertools.cycle()", "collections.deque()"),
        *bounded(20, "number", "logarithm, cut to a whole number", "math.floor()", "math.ceil()"),
        *unbounded("measurement", "a number that counts up", "itertools.count()", "itertools.count()[*]", "itertools.count().__next__()"),
        *unbounded("object-repr", "the identity or hash of an object", "builtins.id()", "builtins.hash()", advice="a name from the code"),
        *unbounded("measurement", "a length: a measurement, not a category", "builtins.len()", advice="nothing: observe it in a Histogram, or bin it"),
        Row("json.loads()", "unbounded", None, "body", "parsed JSON", how="parsed", advice="one of a fixed set: test it against the values you know", deep=True),
        *unbounded("address", "an IP address", "ipaddress.ip_address()", "ipaddress.IPv4Address", "ipaddress.IPv6Address", advice=LOG),
        *leads(("builtins.Exception", "builtins.BaseException"), ("socket.socket()", "socket.socket"), ("pathlib.Path()", "pathlib.Path")),
        *unbounded("database", "a row of a database", "sqlite3.Cursor.fetchone()", "sqlite3.Cursor.fetchall()", "sqlite3.Cursor.lastrowid", advice=LOG),
        *unbounded("program-output", "the output of a program", "subprocess.check_output()", "subprocess.getoutput()", "subprocess.run().stdout", "subprocess.run().stderr", "subprocess.Popen.communicate()", "subprocess.Popen.stdout.read()", advice=LOG),
        *bounded(30, "signal", "a signal", "signal.Signals()", "signal.Signals().name"),
    ),
    shapes=(),
)  # fmt: skip
