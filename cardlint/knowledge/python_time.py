"""Time, random numbers, identifiers and secrets of the standard library."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, leads, transfer, unbounded
from cardlint.knowledge.schema import Library, Row

TIME = "nothing: Prometheus stores the time of every sample itself"
DT = "datetime.datetime"
PARTS = (
    ("tm_hour", 24),
    ("tm_min", 60),
    ("tm_sec", 62),
    ("tm_mon", 12),
    ("tm_mday", 31),
    ("tm_wday", 7),
    ("tm_yday", 366),
    ("tm_isdst", 3),
)

LIBRARY = Library(
    packages=("time", "datetime", "calendar", "random", "uuid", "secrets", "hashlib", "hmac", "zoneinfo"),
    rows=(
        *unbounded(
            "time",
            "a point in time",
            *below(
                "time.",
                "time()",
                "time_ns()",
                "monotonic()",
                "monotonic_ns()",
                "perf_counter()",
                "perf_counter_ns()",
                "process_time()",
                "ctime()",
                "asctime()",
                "localtime()",
                "gmtime()",
            ),
            advice=TIME,
        ),
        *unbounded("time", "a point in time", DT, "datetime.date", "datetime.time", advice=TIME, deep=False),
        *unbounded(
            "time",
            "a point in time",
            *below(DT, ".isoformat()", ".timestamp()", ".ctime()", ".date()", ".year"),
            *below("datetime.date", ".isoformat()", ".toordinal()", ".year"),
            advice=TIME,
        ),
        *unbounded(
            "measurement",
            "a duration: a measurement, not a category",
            "datetime.timedelta",
            "datetime.timedelta.total_seconds()",
            advice="nothing: observe it in a Histogram",
        ),
        *leads(
            (DT + ".now()", DT),
            (DT + ".utcnow()", DT),
            (DT + ".today()", DT),
            (DT + ".fromtimestamp()", DT),
            (DT + ".fromisoformat()", DT),
            (DT + ".strptime()", DT),
            ("datetime.date.today()", "datetime.date"),
            (DT + ".replace()", DT),
            (DT + ".astimezone()", DT),
        ),
        *(
            row
            for clock in ("time.localtime()", "time.gmtime()", DT + ".timetuple()")
            for name, size in PARTS
            for row in bounded(size, "clock", "a part of the date that repeats", f"{clock}.{name}")
        ),
        *bounded(2, "clock", "a name of the time zone", "time.tzname[]", DT + ".tzname()"),
        *bounded(7, "clock", "day of the week", "calendar.day_name[]", "calendar.day_abbr[]"),
        *bounded(13, "clock", "month", "calendar.month_name[]", "calendar.month_abbr[]"),
        *bounded(5, "version", "the version of a UUID", *below("uuid.", *(f"uuid{n}().version" for n in (1, 4)), "UUID().version")),
        *bounded(24, "clock", "hour of the day", DT + ".hour"),
        *bounded(60, "clock", "minute or second", DT + ".minute", DT + ".second"),
        *bounded(12, "clock", "month", DT + ".month", "datetime.date.month"),
        *bounded(31, "clock", "day of the month", DT + ".day", "datetime.date.day"),
        *bounded(
            7, "clock", "day of the week", *below(DT, ".weekday()", ".isoweekday()"), *below("datetime.date", ".weekday()", ".isoweekday()")
        ),
        *transfer("strftime", "a formatted point in time", DT + ".strftime()", "datetime.date.strftime()", "time.strftime()"),
        *unbounded(
            "random",
            "a random number",
            *below("random.", "random()", "uniform()", "gauss()", "getrandbits()", "normalvariate()", "betavariate()", "randbytes()"),
        ),
        *transfer("int-range", "a random whole number", "random.randint()", "random.randrange()"),
        *transfer("choice", "one of a collection", "random.choice()", "secrets.choice()"),
        Row("uuid.UUID", "unbounded", None, "uuid", "a UUID, going by its type", advice=LOG, deep=False, likely=True),
        *unbounded("uuid", "a new UUID", *below("uuid.", "uuid1()", "uuid4()", "uuid6()", "uuid7()", "uuid8()", "UUID()"), advice=LOG),
        *unbounded(
            "random",
            "a new secret",
            *below("secrets.", "token_hex()", "token_bytes()", "token_urlsafe()", "randbits()"),
            "os.urandom()",
            advice="nothing: a secret belongs neither in a metric nor in a log line",
        ),
        *transfer(
            "kept",
            "a digest, one to one with its input",
            *below("hashlib.", "md5()", "sha1()", "sha224()", "sha256()", "sha384()", "sha512()", "blake2b()", "blake2s()"),
        ),
        *transfer("kept:1", "a digest, one to one with its input", "hashlib.new()", *below("hmac.", "new()", "digest()")),
    ),
)
