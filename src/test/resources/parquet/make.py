"""Makes the files beside it: python3 -m venv v && v/bin/pip install pyarrow==25.0.1 && v/bin/python make.py

What a file has stands in the .ndjson of its name, written from the same values without Parquet in between.
"""
import base64, datetime, decimal, json, math, pathlib, sys
import pyarrow as pa
import pyarrow.parquet as pq

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
here = here if here.is_dir() else here.parent
D = decimal.Decimal
decimal.getcontext().prec = 60

class Raw(str):
    """JSON as it stands."""

def dump(value):
    if isinstance(value, Raw): return str(value)
    if isinstance(value, dict): return "{" + ",".join(json.dumps(k, ensure_ascii=False) + ":" + dump(v) for k, v in value.items()) + "}"
    if isinstance(value, list): return "[" + ",".join(map(dump, value)) + "]"
    return json.dumps(value, ensure_ascii=False)

def fraction(nanos):
    if nanos == 0: return ""
    text = f"{nanos:09d}"
    while text.endswith("000"): text = text[:-3]
    return "." + text

def moment(nanos, utc=True):
    seconds, rest = divmod(nanos, 10**9)
    at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    # Local times are written with all digits that they have, and no more.
    part = fraction(rest) if utc else ("." + f"{rest:09d}".rstrip("0") if rest else "")
    return at.strftime("%Y-%m-%dT%H:%M:%S") + part + ("Z" if utc else "")

def shortest(x):
    if x is None: return None
    if math.isnan(x): return "NaN"
    if math.isinf(x): return "Infinity" if x > 0 else "-Infinity"
    text = format(D(repr(x)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return Raw("0" if text in ("-0", "0") else text)

OCTOBER = 1790812800 * 10**9  # 2026-10-01T00:00:00Z
NANOS = [OCTOBER + 123456789, OCTOBER, None, -1, OCTOBER + 86399 * 10**9 + 999999999, 0, OCTOBER + 10**6, OCTOBER + 10**3, None, OCTOBER]
COSTS = ["0.1000000000", "1234567890123456789012345678.0123456789", None, "-0.0000000001", "0", "99", "0.0000000001", "-5.5", "1E+3", "2"]
DOUBLES = [0.1, 1e300, None, float("nan"), float("inf"), -0.0, 1e-7, 123456789.125, 5.0, -1 / 3]
TEXTS = ["acme", "globex", None, "acme", 'a "quoted"\n\\ line\tx', "Zoë €😀", "", "acme", "acme", "globex"]
TAGS = [{"team": "a", "env": "prod"}, {}, None, {"x": None}, {"k\"": "v\n"}, {"": ""}, {"a": "1"}, {"a": "1"}, {"a": "2"}, {"ü": "é"}]
OWNERS = [{"name": "n", "deep": {"n": 1}}, {"name": None, "deep": None}, None, {"name": "x", "deep": {"n": None}}] + [{"name": str(i), "deep": {"n": i}} for i in range(6)]
LISTS = [[1, 2, 3], [], None, [None], [4, None, 5], [6], [], [7, 8], None, [9]]
STRUCTS = [[{"a": 1, "b": "x"}, {"a": None, "b": None}], [], None, [None, {"a": 2, "b": "y"}], [{"a": 3, "b": None}]] * 2
NESTED = [[["a"], [], None, ["b", None]], [], None, [[]], [["c"]]] * 2
MAPS = [{"m": [1, 2]}, {}, None, {"m": None, "n": []}, {"o": [None, 3]}] * 2
BINARY = [b"text", b"\xff\x00", None, b"", b"\xc3\xa9", b"\xc3", b"a", b"b", b"c", b"d"]
n = len(NANOS)

cut = lambda unit: [None if v is None else v // unit for v in NANOS]
known = lambda values, f: [None if v is None else f(v) for v in values]
decimals = known(COSTS, lambda v: D(v).quantize(D("1.0000000000")))
cents = known(range(n), lambda i: D(i * 101 - 250).scaleb(-2))

# name, type, values for pyarrow, values as JSON
columns = [
    ("account", pa.string(), TEXTS, TEXTS),
    ("cost", pa.decimal128(38, 10), decimals, known(decimals, lambda v: Raw(format(v, "f")))),
    ("cents", pa.decimal128(9, 2), cents, known(cents, lambda v: Raw(format(v, "f")))),
    ("eighteen", pa.decimal128(18, 6), known(cents, lambda v: v.quantize(D("1.000000"))), known(cents, lambda v: Raw(format(v.quantize(D("1.000000")), "f")))),
    ("amount", pa.float64(), DOUBLES, known(DOUBLES, shortest)),
    ("small", pa.float32(), [0.5, 0.1] * 5, [Raw("0.5"), Raw("0.1")] * 5),
    ("half", pa.float16(), [0.5, 1.25] * 5, [Raw("0.5"), Raw("1.25")] * 5),
    ("millis", pa.timestamp("ms", "UTC"), cut(10**6), known(NANOS, lambda v: moment(v // 10**6 * 10**6))),
    ("micros", pa.timestamp("us", "Europe/Berlin"), cut(10**3), known(NANOS, lambda v: moment(v // 10**3 * 10**3))),
    ("nanos", pa.timestamp("ns", "UTC"), NANOS, known(NANOS, moment)),
    ("local_micros", pa.timestamp("us"), cut(10**3), known(NANOS, lambda v: moment(v // 10**3 * 10**3, False))),
    ("local_nanos", pa.timestamp("ns"), NANOS, known(NANOS, lambda v: moment(v, False))),
    ("day", pa.date32(), known(NANOS, lambda v: v // 10**9 // 86400), known(NANOS, lambda v: moment(v)[:10])),
    ("at", pa.time64("us"), [1, 86399999999] * 5, ["00:00:00.000001", "23:59:59.999999"] * 5),
    ("flag", pa.bool_(), [True, False, None, True, True] * 2, [True, False, None, True, True] * 2),
    ("whole", pa.int64(), [2**63 - 1, -(2**63), None, 0, 1] * 2, [2**63 - 1, -(2**63), None, 0, 1] * 2),
    ("u8", pa.uint8(), [255, 0] * 5, [255, 0] * 5),
    ("u32", pa.uint32(), [2**32 - 1, 0] * 5, [2**32 - 1, 0] * 5),
    ("u64", pa.uint64(), [2**64 - 1, 0] * 5, [2**64 - 1, 0] * 5),
    ("bytes", pa.binary(), BINARY, ["text", "/wA=", None, "", "é", "ww==", "a", "b", "c", "d"]),
    ("fixed", pa.binary(3), [b"abc", None] * 5, ["YWJj", None] * 5),
    ("tags", pa.map_(pa.string(), pa.string()), known(TAGS, lambda v: list(v.items())), TAGS),
    ("owner", pa.struct([("name", pa.string()), ("deep", pa.struct([("n", pa.int64())]))]), OWNERS, OWNERS),
    ("numbers", pa.list_(pa.int32()), LISTS, LISTS),
    ("parts", pa.list_(pa.struct([("a", pa.int32()), ("b", pa.string())])), STRUCTS, STRUCTS),
    ("grid", pa.list_(pa.list_(pa.string())), NESTED, NESTED),
    ("groups", pa.map_(pa.string(), pa.list_(pa.int64())), known(MAPS, lambda v: list(v.items())), MAPS),
    ("numbered", pa.map_(pa.int32(), pa.date32()), [[(1, 0)]] * n, [{"1": "1970-01-01"}] * n),
]

def write(name, chosen, **options):
    table = pa.table([pa.array(values, type) for _, type, values, _ in chosen], names=[c[0] for c in chosen])
    pq.write_table(table, here / (name + ".parquet"), row_group_size=4, store_schema=False, **options)

def lines(name, chosen):
    rows = [{c[0]: c[3][i] for c in chosen} for i in range(n)]
    (here / (name + ".ndjson")).write_text("".join(dump(row) + "\n" for row in rows), "utf-8")

# Every type, with dictionaries, in three row groups.
lines("types", columns)
write("types", columns, compression="snappy")
write("types-v2", columns, compression="zstd", use_dictionary=False, data_page_version="2.0", store_decimal_as_integer=True,
      write_page_index=True, data_page_size=16)

# What cost exports have, packed in each way.
cost = [c for c in columns if c[0] in ("account", "cost", "amount", "micros", "tags")]
lines("cost", cost)
for packing in ("none", "snappy", "gzip", "zstd", "lz4"): write("cost-" + packing, cost, compression=packing)
flat = cost[:4]
lines("flat", flat)
write("flat", flat, compression="snappy")

# Timestamps of twelve bytes, as Impala, Hive and Spark wrote them.
twelve = [("nanos", *columns[9][1:]), ("local_nanos", pa.timestamp("ns"), NANOS, known(NANOS, moment))]
lines("int96", twelve)
write("int96", twelve, use_deprecated_int96_timestamps=True)
pq.write_table(pa.table({"a": pa.array([], pa.int32())}), here / "empty.parquet")
text = pa.Array.from_buffers(pa.string(), 2, pa.array([b"ok", b"\xc3("], pa.binary()).buffers())
pq.write_table(pa.table({"a": text}), here / "no-text.parquet")
pq.write_table(pa.table({"a": ["acme", "x" * 2_000_000, "acme"]}), here / "long.parquet", compression="zstd", write_statistics=False)
