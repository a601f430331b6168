package floof.config.access;

import floof.config.text.Diff;
import floof.config.tree.Branch;
import floof.config.tree.Change;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.value.ConfigError;
import floof.config.value.StatementException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user may do, by the class that {@code system login} gives them. Who has none may do
 * nothing; root may do everything.
 *
 * <p>A pattern matches from the first word on, up to the end of some word: {@code show interfaces}
 * matches {@code show interfaces terse}. Commands are matched with every keyword in full, pipes
 * included; statements by their path, without values. What is denied is denied even if it is
 * allowed as well. Immutable. Thread: any.
 */
public final class Permissions {

    /** What a class may do as a whole. */
    public enum Flag {
        ALL("all", "Everything", ".*"),
        ADMIN("admin", "See and change users, see the audit log", "show system (audit|login)"),
        CLEAR("clear", "Clear counters, neighbours, sessions", "clear"),
        CONFIGURE("configure", "Change the configuration", "configure"),
        MAINTENANCE("maintenance", "Requests to the system, and files", "request|file"),
        NETWORK("network", "Reach other hosts", "ping|traceroute"),
        RESET("reset", "Restart daemons", "restart"),
        SHELL("shell", "Start a shell", "start shell"),
        TRACE("trace", "Look at packets and logs", "monitor|trace|show log"),
        VIEW(
                "view",
                "See the state of the router",
                "show(?! (configuration|log|system (audit|login|rollback)))"),
        VIEW_CONFIGURATION(
                "view-configuration",
                "See the configuration",
                "show (configuration|system rollback)");

        private final String word;
        private final String help;
        private final Expression commands;

        Flag(String word, String help, String commands) {
            this.word = word;
            this.help = help;
            this.commands = new Expression(whole(commands), false);
        }

        /**
         * Words may hold newlines: a dot means them too, or they would hide what follows.
         *
         * @throws java.util.regex.PatternSyntaxException also for one that takes in what is behind
         *     it
         */
        public static Pattern whole(String pattern) {
            return Pattern.compile("(?:" + pattern + ")(?=\\s|$)", Pattern.DOTALL);
        }

        /** As the configuration has it. */
        public String word() {
            return word;
        }

        public String help() {
            return help;
        }
    }

    /** Classes that need no configuration. */
    public static final Map<String, Set<Flag>> BUILT_IN =
            Map.of(
                    "super-user", EnumSet.of(Flag.ALL),
                    "operator",
                            EnumSet.of(Flag.CLEAR, Flag.NETWORK, Flag.RESET, Flag.TRACE, Flag.VIEW),
                    "read-only", EnumSet.of(Flag.VIEW));

    /** What concerns nothing but the session. */
    private static final Expression ALWAYS =
            new Expression(Flag.whole("exit|quit|help|set cli|show cli"), false);

    /** What precedes a command that is given at another level. */
    private static final Pattern LEVEL = Pattern.compile("^(top|up( [0-9]+)?) ");

    private static final String RUN = "run ";

    /** Statements that decide what may be done. */
    private static final Expression LOGIN = new Expression(Flag.whole("system login"), false);

    /** What is said of an error of which nothing may be said. */
    private static final String HIDDEN = "a statement that your class may not see is invalid";

    /** What is said of a statement that may be seen and is wrong because of one that may not. */
    private static final String BESIDE_HIDDEN =
            "conflicts with a statement that your class may not see";

    /** Root, and the router itself. */
    public static final Permissions ALL =
            new Permissions("super-user", null, EnumSet.of(Flag.ALL), null);

    /** Who is not known: nothing but to leave. */
    public static final Permissions NONE =
            new Permissions("none", null, EnumSet.noneOf(Flag.class), null);

    private final String className;

    /** Schema of the configuration; null if no statement is treated differently. */
    private final @Nullable SchemaNode schema;

    private final Set<Flag> flags;
    private final Expression allowCommands;
    private final Expression denyCommands;
    private final Expression allowConfiguration;
    private final Expression denyConfiguration;

    /**
     * @param own the class's entry, which has its patterns; null for none
     */
    private Permissions(
            String className, @Nullable SchemaNode schema, Set<Flag> flags, @Nullable Branch own) {
        this.className = className;
        this.schema = schema;
        this.flags = flags;
        this.allowCommands = pattern(own, "allow-commands");
        this.denyCommands = pattern(own, "deny-commands");
        this.allowConfiguration = pattern(own, "allow-configuration");
        this.denyConfiguration = pattern(own, "deny-configuration");
    }

    /** Those of {@code user} by a configuration, or null when it knows no such user. */
    public static @Nullable Permissions of(Branch running, String user) {
        if (user.equals("root")) {
            return ALL;
        }
        Branch configuration = running.effective();
        Branch entry = login(configuration, "user", user);
        String name = entry == null ? null : entry.value("class", String.class);
        if (name == null) {
            return null;
        }
        Set<Flag> builtIn = BUILT_IN.get(name);
        if (builtIn != null) {
            return new Permissions(name, running.schema(), builtIn, null);
        }
        Branch own = login(configuration, "class", name);
        return own == null ? null : new Permissions(name, running.schema(), flags(own), own);
    }

    private static @Nullable Branch login(Branch root, String list, String key) {
        List<String> path = List.of("system", "login", list, key);
        return root.find(path) instanceof Branch entry ? entry : null;
    }

    private static Set<Flag> flags(Branch own) {
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        List<String> words = own.values("permissions", String.class);
        Stream.of(Flag.values()).filter(flag -> words.contains(flag.word())).forEach(flags::add);
        return flags;
    }

    private static Expression pattern(@Nullable Branch own, String leaf) {
        String text = own == null ? null : own.value(leaf, String.class);
        return text == null ? Expression.NOTHING : Expression.of(text, leaf.startsWith("deny"));
    }

    /** Name of the class. */
    public String className() {
        return className;
    }

    /** True when the class has that permission. */
    public boolean has(Flag flag) {
        return flags.contains(Flag.ALL) || flags.contains(flag);
    }

    /**
     * May this command of operational mode be run?
     *
     * @param command its words, keywords in full, pipes included
     */
    public boolean mayRun(String command) {
        return (ALWAYS.matches(command)
                        || flags.stream().anyMatch(f -> f.commands.matches(command))
                        || allowCommands.matches(command))
                && !denyCommands.matches(command);
    }

    /**
     * May this command of configuration mode be run? Who is there may do what is not denied; behind
     * {@code run} what they may run.
     */
    public boolean mayConfigure(String command) {
        return mayConfigure(command, this::mayRun);
    }

    /** May a command of configuration mode that begins with these words be run? */
    public boolean mayBeginConfiguring(String words) {
        return mayConfigure(words, this::mayBegin);
    }

    private boolean mayConfigure(String command, Predicate<String> mayRun) {
        String here = LEVEL.matcher(command).replaceFirst("");
        return !denyCommands.matches(command)
                && !denyCommands.matches(here)
                && (!here.startsWith(RUN) || mayRun.test(here.substring(RUN.length())));
    }

    /** May a command that begins with these words be run, with the right ones behind them? */
    public boolean mayBegin(String words) {
        return !denyCommands.matches(words)
                && (mayRun(words)
                        || ALWAYS.begins(words)
                        || flags.stream().anyMatch(flag -> flag.commands.begins(words))
                        || allowCommands.begins(words));
    }

    /** True when no part of the configuration is hidden. */
    public boolean seesAll() {
        return denyConfiguration == Expression.NOTHING
                && has(Flag.ADMIN)
                && (has(Flag.CONFIGURE) || has(Flag.VIEW_CONFIGURATION));
    }

    /** May the statement at this path, and what is below it, be seen as far as it goes? */
    private boolean isVisible(String path) {
        boolean allowed =
                has(Flag.CONFIGURE)
                        || has(Flag.VIEW_CONFIGURATION)
                        || allowConfiguration.matches(path);
        return allowed && !isGuarded(path) && !denyConfiguration.matches(path);
    }

    private boolean isGuarded(String path) {
        return !has(Flag.ADMIN) && LOGIN.matches(path) && !allowConfiguration.matches(path);
    }

    /** May something below the statement at this path differ from it? */
    private boolean differsBelow(String path) {
        return allowConfiguration.begins(path)
                || denyConfiguration.begins(path)
                || !has(Flag.ADMIN) && LOGIN.begins(path);
    }

    /** May the statement at this path, or one below it, be seen? */
    public boolean maySee(List<String> path) {
        return seesAll() || !isClosed(path) && maySee(String.join(" ", inGroup(path)));
    }

    private boolean maySee(String path) {
        return path.isEmpty()
                || isVisible(path)
                || !denyConfiguration.matches(path) && allowConfiguration.begins(path);
    }

    /**
     * May a state of affairs that concerns the statement at this path be reported? To whoever sees
     * the router's state, but for what the class is denied: an operator who may not read the
     * configuration still learns that an interface is down.
     */
    public boolean mayHearOf(List<String> path) {
        String text = String.join(" ", inGroup(path));
        return seesAll() || !isClosed(path) && !isGuarded(text) && !denyConfiguration.matches(text);
    }

    /** What stands in a group is judged by where it will stand. */
    private static List<String> inGroup(List<String> path) {
        return !path.isEmpty() && path.getFirst().equals("groups")
                ? path.subList(Math.min(2, path.size()), path.size())
                : path;
    }

    /**
     * In a group: what is denied by its place there, and patterns that may stand for entries of
     * which something is hidden: they would reveal them, and change them.
     */
    private boolean isClosed(List<String> path) {
        List<String> place = inGroup(path);
        if (place.size() == path.size()) {
            return false;
        }
        for (int i = 0; i < place.size(); i++) {
            if (place.get(i).startsWith("<")
                    && differsBelow(String.join(" ", place.subList(0, i)))) {
                return true;
            }
        }
        return denyConfiguration.matches(String.join(" ", path));
    }

    /** May what is below the statement at this path differ from it, as it stands in a group? */
    private boolean differsInGroup(List<String> path) {
        return inGroup(path).size() < path.size()
                && denyConfiguration.begins(String.join(" ", path));
    }

    /**
     * Errors as they may be shown: one about what is hidden names none of it, and equal ones are
     * shown once.
     */
    public List<ConfigError> visible(List<ConfigError> errors) {
        return seesAll() ? errors : errors.stream().map(this::visible).distinct().toList();
    }

    private ConfigError visible(ConfigError error) {
        boolean mayBeNamed = error.path().isEmpty() || seesAllOf(error.path());
        if (mayBeNamed && error.others().stream().allMatch(this::seesAllOf)) {
            return error;
        }
        if (!error.path().isEmpty() && isSeen(error.path())) {
            return new ConfigError(error.path(), error.value(), BESIDE_HIDDEN);
        }
        return error.others().stream()
                .filter(other -> !other.isEmpty() && isSeen(other))
                .findFirst()
                .map(other -> new ConfigError(other, null, BESIDE_HIDDEN))
                .orElse(new ConfigError(List.of(), null, HIDDEN));
    }

    /** Is the statement at this path itself seen? */
    private boolean isSeen(List<String> path) {
        return seesAll() || !isClosed(path) && isVisible(String.join(" ", inGroup(path)));
    }

    private boolean seesAllOf(List<String> path) {
        SchemaNode statement = schema == null ? null : schema.at(path);
        boolean isLeaf = statement == null || !statement.isBranch();
        return isSeen(path) && (isLeaf || !differsBelow(String.join(" ", inGroup(path))));
    }

    /** The part of a path that may be seen. */
    public List<String> seen(List<String> path) {
        int end = 0;
        while (end < path.size() && maySee(path.subList(0, end + 1))) {
            end++;
        }
        return path.subList(0, end);
    }

    /** The part of a whole configuration that may be seen; {@code root} itself when that is all. */
    public Branch visible(Branch root) {
        return seesAll() ? root : visible(root, List.of());
    }

    private Branch visible(Branch branch, List<String> path) {
        Branch result = branch;
        for (Node child : branch.children()) {
            List<String> at = Node.below(path, child.name());
            Node seen = visible(child, at);
            result = seen == null ? result.without(child) : result.with(seen);
        }
        return result;
    }

    private @Nullable Node visible(Node node, List<String> path) {
        String text = String.join(" ", inGroup(path));
        boolean visible = text.isEmpty() || isVisible(text);
        if (isClosed(path)) {
            return null;
        }
        if (!(node instanceof Branch branch)) {
            return visible ? node : null;
        }
        if (!text.isEmpty() && !differsBelow(text) && !differsInGroup(path)) {
            return visible ? branch : null;
        }
        Branch seen = visible(branch, path);
        boolean stays = visible && branch.key() != null && !text.isEmpty();
        return seen.isEmpty() && seen != branch && !stays ? null : seen;
    }

    /**
     * The whole configuration after an edit of its visible part: what is hidden stays.
     *
     * @param edited what became of {@link #visible} of {@code whole}
     * @throws StatementException when the edit reaches what may not be seen
     */
    public Branch merged(Branch whole, Branch edited) throws StatementException {
        if (seesAll()) {
            return edited;
        }
        Branch seen = visible(whole);
        List<Change> changes = Diff.between(seen, edited);
        if (changes.isEmpty()) {
            return whole;
        }
        for (Change change : changes) {
            if (isHidden(change)) {
                throw StatementException.refused(
                        "permission denied for a change of '"
                                + String.join(" ", change.path())
                                + "'");
            }
        }
        Branch merged = restored(edited, seen, whole);
        refuseHiddenMarks(Diff.between(whole, merged));
        // What a group gives, or an inactive branch takes, may be hidden as well.
        refuseHidden(Diff.between(whole.effective(), merged.effective()));
        return merged;
    }

    /** {@code edited} with what {@code whole} has beyond {@code seen}. */
    private static Branch restored(Branch edited, @Nullable Branch seen, Branch whole)
            throws StatementException {
        Branch result = edited;
        Comparable<?> previous = null;
        for (Node child : whole.children()) {
            boolean isNew = result.counterpart(child) == null;
            result = restored(result, child, seen == null ? null : seen.child(child.name()));
            boolean isThere = result.counterpart(child) != null;
            if (whole.schema().isUserOrdered() && isThere && child instanceof Branch entry) {
                Comparable<?> key = Objects.requireNonNull(entry.key());
                result = isNew ? result.behind(key, previous) : result;
                previous = key;
            }
        }
        return result;
    }

    /**
     * @param visible what may be seen of {@code child}
     */
    private static Branch restored(Branch edited, Node child, @Nullable Node visible)
            throws StatementException {
        if (visible == child) {
            return edited;
        }
        if (visible == null || !(child instanceof Branch branch)) {
            if (!(child instanceof Branch hidden
                    && edited.counterpart(child) instanceof Branch added)) {
                return edited.with(child);
            }
            if (hidden.marks().isProtected()) {
                throw reached();
            }
            return edited.with(
                    restored(added.with(hidden.marks().and(added.marks())), null, hidden));
        }
        Branch below =
                edited.counterpart(child) instanceof Branch changed ? changed : branch.bare();
        Branch merged = restored(below, (Branch) visible, branch);
        return merged.isEmpty() ? edited : edited.with(merged);
    }

    /**
     * Refuses changes of what may not be seen.
     *
     * @throws StatementException that names none of it
     */
    public void refuseHidden(List<Change> changes) throws StatementException {
        if (!seesAll() && changes.stream().anyMatch(this::isHidden)) {
            throw reached();
        }
    }

    private boolean isHidden(Change change) {
        return switch (change) {
            case Change.Added(var path, var node) -> isHidden(node, path);
            case Change.Removed(var path, var node) -> isHidden(node, path);
            case Change.Changed(var path, _, var after) -> isHidden(after, path);
            case Change.Marked(var path, _, Branch after) -> isHidden(after.bare(), path);
            case Change.Marked(var path, _, var after) -> isHidden(after, path);
            case Change.Reordered(var path, _, var after) -> isHidden(after.bare(), path);
        };
    }

    private boolean isHidden(Node node, List<String> path) {
        return visible(node, path) != node;
    }

    /**
     * Refuses marks at what is seen for the sake of something below it only, and those that hold of
     * all below when not all of it is seen.
     */
    private void refuseHiddenMarks(List<Change> changes) throws StatementException {
        for (Change change : changes) {
            if (change instanceof Change.Marked(var path, Branch before, var after)) {
                String text = String.join(" ", inGroup(path));
                boolean holdsBelow =
                        before.marks().inactive() != after.marks().inactive()
                                || before.marks().isProtected() != after.marks().isProtected();
                if (!text.isEmpty() && !isVisible(text) || holdsBelow && isHidden(before, path)) {
                    throw reached();
                }
            }
        }
    }

    private static StatementException reached() {
        return StatementException.refused(
                "permission denied: this affects statements that your class may not see");
    }
}
