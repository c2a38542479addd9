"""Every limit of the inference with its reason: budgets, depths, and how many of each kind are kept distinct.

A limit that is hit makes a value Unknown or an answer coarser. The run counts it where it cuts the answer to a question short, and
`--verbose` prints those that were hit with their values, reasons and counts. Limits of look-ups by spelling and of the sizes of values are
not counted: beyond them a look-up finds nothing, and a set is counted and not listed.
"""

from __future__ import annotations

LIMITS: dict[str, tuple[int, str]] = {}
"""Each limit by name, with its value and its reason."""


def _limit(name: str, value: int, why: str) -> int:
    LIMITS[name] = (value, why)
    return value


def steps_limit(steps: int) -> str:
    """Return the name of the budget of so many steps, '' for a number that is none of them."""
    return next((name for name, (value, _) in LIMITS.items() if value == steps and name.endswith("_STEPS")), "")


# budgets, in steps: each visit of a term, a lazy value or a kept answer costs one
QUESTION_STEPS = _limit("QUESTION_STEPS", 54_000, "Steps of one question: what the values of one label are, what one receiver is.")
STRAY_STEPS_OF_RUN = _limit(
    "STRAY_STEPS_OF_RUN",
    800_000,
    "Steps beyond QUESTION_STEPS that all evaluations of a run which belong to no question may take together. The largest one seen takes 635,063.",
)
EXTRA_STEPS_OF_RUN = _limit(
    "EXTRA_STEPS_OF_RUN", 66_000, "Steps that the few questions of a run that need more may take beyond their own, all together."
)
EXTRA_STEPS = _limit("EXTRA_STEPS", 66_000, "Steps that one question may take of those.")
COMPUTE_STEPS = _limit("COMPUTE_STEPS", 4, "Steps that computing an answer costs in addition to the visit.")
FILE_STEPS = _limit("FILE_STEPS", 180, "Steps that reading a file costs.")
FULL_SHARE_DEPTH = _limit(
    "FULL_SHARE_DEPTH", 2, "Parts of a question, one within the other, that may take all the steps such a part is worth."
)
DEEP_SHARE_PERCENT = _limit(
    "DEEP_SHARE_PERCENT", 30, "Share of those steps that parts further in may take. Measured: almost all that come to an end need less."
)
DECLARATION_STEPS = _limit(
    "DECLARATION_STEPS", 180_000, "Steps that finding the metrics of one declaration may take: a factory may serve hundreds."
)
STORED_STEPS = _limit(
    "STORED_STEPS", 12_000, "Steps that finding what others store on a module or a class may take. They are not charged to the question."
)
CHANGES_STEPS = _limit(
    "CHANGES_STEPS", 30_000, "Steps that finding what one file sets by computed names may take. They are not charged to the question."
)
GETTER_STEPS = _limit(
    "GETTER_STEPS", 1_200, "Steps that running the `__getattr__` of a module for one name may take. They are not charged to the question."
)
ARGUMENT_STEPS = _limit(
    "ARGUMENT_STEPS", 1_800, "Steps that looking at the arguments of an unknown call may take; only pedantic runs look."
)
ATTRIBUTE_STEPS = _limit("ATTRIBUTE_STEPS", 24_000, "Steps of inference that one attribute of a class may take of a question.")
PARAMETER_STEPS = _limit("PARAMETER_STEPS", 6_000, "Steps of inference that the callers of one parameter may take of a question.")
CALLER_PERCENT = _limit("CALLER_PERCENT", 66, "Share of the steps of a parameter that are left which one of several callers may take.")
HELPER_STEPS = _limit("HELPER_STEPS", 9_000, "Steps of inference that what a helper says of one argument may take of a question.")
RECEIVER_STEPS = _limit(
    "RECEIVER_STEPS", 2_400, "Steps the receiver of a call such as `.remove()` is worth: it is a metric nearby, or none."
)

# answers that depend on themselves
MAX_ROUNDS = _limit("MAX_ROUNDS", 4, "Rounds over answers that depend on each other before what still changes is widened.")
MAX_RUNNING = _limit("MAX_RUNNING", 330, "Queries that are computed at once, one asking the other: the depth of one chain of questions.")
MAX_REENTRY = _limit("MAX_REENTRY", 2, "Times that a lazy value may be asked for while it is being computed.")
MAX_DEPENDENCIES = _limit("MAX_DEPENDENCIES", 24, "Open frames an answer may depend on by name; beyond it, it depends on any.")

# sizes of values and objects
MAX_TEXT = _limit(
    "MAX_TEXT", 10_000, "Characters of one folded text. Labels are a few words long; a list of words to be split may take pages."
)
MAX_TEXTS = _limit(
    "MAX_TEXTS", 20_000, "Characters of all texts of one folded set, so that many definitions do not hold a set of long texts each."
)
MAX_DIGITS = _limit(
    "MAX_DIGITS", 300, "Digits of a folded whole number: a float holds no more of them, and the two are mixed in arithmetic."
)
MAX_ITEMS = _limit("MAX_ITEMS", 4_000, "Elements of a folded sequence that are told apart.")
MAX_PATH = _limit(
    "MAX_PATH",
    1_000,
    "Characters of the path of something of a library: every access makes it longer, and every access looks at all of it.",
)
MAX_PATTERN = _limit("MAX_PATTERN", 1_000, "Characters of a regular expression that is taken apart.")
MAX_WORD = _limit("MAX_WORD", 200, "Characters of one text that a regular expression lets through: repetitions of repetitions multiply.")
MAX_NAME = _limit("MAX_NAME", 200, "Parts of the name of a composed set; a longer name is replaced by its digest.")
MAX_ENTRIES = _limit(
    "MAX_ENTRIES", 4000, "Entries kept of one dictionary; beyond it older ones are dropped and the dictionary counts as open."
)
MAX_REGEX_TEXTS = _limit("MAX_REGEX_TEXTS", 500, "Texts listed of one pattern; a pattern that matches more is taken for infinite.")
MAX_REGEX_REPEATS = _limit("MAX_REGEX_REPEATS", 16, "Repetitions that are written out.")
MAX_ALTERNATIVES = _limit(
    "MAX_ALTERNATIVES", 16, "Objects kept of one expression; what is more becomes Unknown. Metrics are kept: a helper may serve hundreds."
)
MAX_COMPARED = _limit("MAX_COMPARED", 64, "Elements by which two collections of one length are told apart.")
MAX_METRICS = _limit("MAX_METRICS", 400, "Metrics kept of one expression.")
MAX_SAME_KIND = _limit(
    "MAX_SAME_KIND", 4, "Instances of one class, or dictionaries, above which they are taken together as one that can be any of them."
)
MAX_TRACE = _limit("MAX_TRACE", 24, "Steps kept of one trace: the origin and the last steps.")
MAX_EXACT = _limit("MAX_EXACT", 64, "Sets larger than this are counted, not listed.")
MAX_ATOMS = _limit("MAX_ATOMS", 200, "Named sets that a joined set remembers; beyond it they are counted together.")

# files and texts
MAX_FILES = _limit("MAX_FILES", 4000, 'Files one run reads on demand; beyond it look-ups answer "not known" and the hit is counted.')
MAX_SHOWN_PARTS = _limit("MAX_SHOWN_PARTS", 3, "Arguments, operands and elements of an expression shown in a message.")
MAX_SHOWN_TEXT = _limit("MAX_SHOWN_TEXT", 60, "Characters of an expression shown in a message.")

# classes, calls and collections
MAX_CALL_DEPTH = _limit("MAX_CALL_DEPTH", 12, "Calls inside calls that are followed into their bodies.")
MAX_HELPERS = _limit("MAX_HELPERS", 3, "Helpers, one returning what the other finds, through which a look-up is followed.")
MAX_BASES = _limit("MAX_BASES", 50, "Bases of one class that are merged in the order of Python; more are read depth first.")
MAX_SUBCLASSES = _limit("MAX_SUBCLASSES", 60, "Subclasses of one class that are looked at.")
MAX_UNROLL = _limit("MAX_UNROLL", 400, "Turns of a comprehension over known elements that are computed one by one.")

# callers and contexts
MAX_CALLBACK_FILES = _limit(
    "MAX_CALLBACK_FILES", 8, "Files that hand something of one name on; a name in more files than this says little about what is handed."
)
MAX_CALLER_FILES = _limit(
    "MAX_CALLER_FILES", 15, "Files that call something of one name; a name in more files than this says nothing about what is called."
)
MAX_NAMED_CALLER_FILES = _limit(
    "MAX_NAMED_CALLER_FILES", 60, "Files that call something of such a name and also name the class or module of the function."
)
MAX_CANDIDATES = _limit("MAX_CANDIDATES", 1500, "Calls of one name that are resolved to find the callers of one function.")
MAX_ALIASES = _limit("MAX_ALIASES", 4, "Other names of a function whose calls are looked for.")
MAX_CONTEXTS = _limit("MAX_CONTEXTS", 40, "Contexts of one function that are told apart; what is made in more places is seen as one.")
MAX_CONTEXT_DEPTH = _limit("MAX_CONTEXT_DEPTH", 3, "Functions, one calling the other, through which a context is followed.")
MAX_KEYED_CALLERS = _limit("MAX_KEYED_CALLERS", 60, "Callers of a function whose keys are told apart.")
MAX_DISPATCHERS = _limit("MAX_DISPATCHERS", 2, "Functions that pass a key on to the one that picks a handler with it, one after the other.")

# aliases
ONCE_STEPS = _limit(
    "ONCE_STEPS", 1_600, "Steps that finding out whether a function runs once in a process may take. They are not charged to the question."
)
NAMED_WRITE_STEPS = _limit(
    "NAMED_WRITE_STEPS", 4_000, "Steps that finding the writes to attributes by name may take. They are not charged to the question."
)
ALIAS_STEPS = _limit(
    "ALIAS_STEPS", 1_500, "Steps that following one object through its aliases may take. They are not charged to the question."
)
KEPT_STEPS = _limit("KEPT_STEPS", 3_000, "Steps that resolving the calls of one function by other names may take.")
MAX_ALIAS_CALLS = _limit(
    "MAX_ALIAS_CALLS", 2, "Calls inside calls in which what one call puts into a container is told apart from what others do."
)
MAX_ALIAS_NODES = _limit("MAX_ALIAS_NODES", 100, "Places that one container is followed to; beyond it anything may be in it.")
MAX_ALIAS_DEPTH = _limit("MAX_ALIAS_DEPTH", 4, "Containers inside of containers through which one is followed.")
MAX_ALIAS_FILES = _limit("MAX_ALIAS_FILES", 6, "Files that read one name of a module, or one attribute, in which it is followed.")

# constructs of Python
MAX_OVERRIDES = _limit("MAX_OVERRIDES", 8, "Subclasses that put something of their own in place of one attribute, and are joined with it.")
MAX_BASE_FILES = _limit(
    "MAX_BASE_FILES",
    4,
    "Files with subclasses of one class in which those overrides are looked for: a base of many is an interface of a framework.",
)
MAX_HASH_DIGITS = _limit("MAX_HASH_DIGITS", 2, "Digits of a hash that make buckets; more of them make names.")
MAX_CUTS = _limit("MAX_CUTS", 500, "Parts of constant texts, with ends that are not known, that are listed; more of them are counted.")
MAX_JOINED_PARTS = _limit(
    "MAX_JOINED_PARTS", 8, "Parts of one text whose combinations are counted; a text of more parts is one of any number."
)
MAX_REPEATED = _limit("MAX_REPEATED", 8, "Repetitions of the arguments of a product whose positions are told apart.")
MAX_BITS = _limit("MAX_BITS", 16, "Bits of a random number whose values are counted; more of them make names.")
MAX_STORE_FILES = _limit("MAX_STORE_FILES", 10, "Files in which stores to one attribute of other objects are looked at.")
CHANGE_STEPS = _limit(
    "CHANGE_STEPS",
    3_000,
    "Steps that asking which calls of a function store to an attribute may take. They are not charged to the question.",
)
MAX_RUN_FUNCTIONS = _limit(
    "MAX_RUN_FUNCTIONS", 40, "Functions that one call may run, in which stores to an attribute are looked for; beyond it one is assumed."
)
MAX_NAMES = _limit("MAX_NAMES", 8, "Names for names, and tests of them, through which one term is looked up.")
MAX_SPELLING_DEPTH = _limit("MAX_SPELLING_DEPTH", 3, "Expressions in expressions that are looked at by their spelling alone.")
MAX_CHOICE_DEPTH = _limit("MAX_CHOICE_DEPTH", 4, "Choices and lists, one in the other, that are looked at by their spelling alone.")
MAX_SPELLED = _limit("MAX_SPELLED", 8, "Elements of a list, or branches of a choice, that are looked at by their spelling alone.")
MAX_TERM_DEPTH = _limit(
    "MAX_TERM_DEPTH", 25, "Terms in terms that are looked through for the parameters or the local value they begin with."
)
MAX_TYPE_DEPTH = _limit("MAX_TYPE_DEPTH", 6, "Types in types that an annotation is read through.")
MAX_SUSPECTS = _limit("MAX_SUSPECTS", 3, "Arguments of an unknown call, by position and by keyword each, that a pedantic run looks at.")
MAX_LOOP_DEFINITIONS = _limit("MAX_LOOP_DEFINITIONS", 20, "Definitions of one list in the body of a loop, one after the other.")
MAX_ROOTS = _limit("MAX_ROOTS", 32, "Definitions through which an expression is followed to the names that it starts with.")
MAX_RANGE = _limit(
    "MAX_RANGE", 1000, "Whole numbers in a range that counts as bounded; a larger one, such as a port between 1 and 65535, counts as open."
)
MAX_INTERVAL_DEPTH = _limit("MAX_INTERVAL_DEPTH", 40, "Terms in terms that an interval is computed of.")
MAX_INTERVAL_CALLERS = _limit(
    "MAX_INTERVAL_CALLERS", 12, "Callers whose arguments are looked at to tell whether a parameter is a whole number."
)
MAX_LOOP_PATHS = _limit("MAX_LOOP_PATHS", 8, "Paths through the body of a loop that are told apart.")
MAX_LOOP_LISTS = _limit("MAX_LOOP_LISTS", 4, "Lists that one loop may run over, whose turns are computed for each.")
MAX_LOOP_TURNS = _limit("MAX_LOOP_TURNS", 100, "Turns of a loop with several paths through its body that are computed one by one.")
MAX_COMPUTED_NUMBER = _limit(
    "MAX_COMPUTED_NUMBER",
    10**12,
    "Larger results of constant arithmetic are not computed: no label needs them, and powers grow without end.",
)
MAX_CALLERS = _limit(
    "MAX_CALLERS", 120, "Call sites of one function whose arguments are joined; beyond it the rest is not looked at and the hit is counted."
)
MAX_NESTING = _limit("MAX_NESTING", 3, "Containers in containers that are opened for the text they make.")

# libraries
MAX_LIBRARY_NAMES = _limit(
    "MAX_LIBRARY_NAMES", 4, "Other names of something of a library, one for the other, that are followed to its rows."
)
MAX_SET_FILES = _limit("MAX_SET_FILES", 40, "Files in which calls of `set` on one variable are looked at.")
MAX_PATH_PARTS = _limit("MAX_PATH_PARTS", 8, "Parts of parts of a path that are looked at.")

# frameworks
MAX_WRAPPED_HANDLER = _limit("MAX_WRAPPED_HANDLER", 3, "Calls around a handler in a table of URLs: `never_cache(login_required(view))`.")

# metrics
MAX_LIFTED_CALLS = _limit("MAX_LIFTED_CALLS", 4, "Calls through which a site is lifted to the place that names the metric.")
MAX_NAMING_CALLERS = _limit("MAX_NAMING_CALLERS", 24, "Callers that name the metrics which one function makes, and get its label sites.")
MAX_IMPORT_DEPTH = _limit(
    "MAX_IMPORT_DEPTH", 4, "Imports that are followed to see whether one of them loads a metrics client, or hands a name on."
)
MAX_START_CALLS = _limit("MAX_START_CALLS", 2, "Calls between a function and the one that starts a process.")
MAX_WRAPPER_ARGUMENTS = _limit("MAX_WRAPPER_ARGUMENTS", 6, "Positions of arguments that a user's row of a wrapper may name.")

# the run
RECURSION_LIMIT = _limit(
    "RECURSION_LIMIT", 20_000, "Python frames that inference may take: a flow over many files is a deep chain of evaluations."
)
MAX_FACTORY_ROUNDS = _limit(
    "MAX_FACTORY_ROUNDS", 6, "Rounds in which factories of factories are followed to the calls that name the metric."
)
MAX_FACTORY_NAMES = _limit("MAX_FACTORY_NAMES", 40, "Functions that return metrics whose calls are searched in one round.")
MAX_CALL_CHAIN = _limit("MAX_CALL_CHAIN", 3, "Calls between a loop, a handler or a task and the function that builds a metric.")
MAX_GIVEN = _limit("MAX_GIVEN", 24, "Possible arguments of one `.labels` call; nothing is said of a call with more.")
MAX_STRAIGHT_LINES = _limit("MAX_STRAIGHT_LINES", 400, "Lines between two places of one block; nothing is said of what is further apart.")
MAX_METRICS_OF_SITE = _limit(
    "MAX_METRICS_OF_SITE", 12, "Metrics that one site in a class may write to; a class that creates more says too little about each."
)
