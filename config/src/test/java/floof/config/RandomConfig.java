package floof.config;

import static org.assertj.core.api.Assertions.assertThat;

import floof.config.edit.Edit;
import floof.config.edit.Entries;
import floof.config.tree.Branch;
import floof.config.tree.Marks;
import floof.config.tree.Node;
import floof.config.tree.SchemaNode;
import floof.config.tree.SchemaNode.Kind;
import floof.config.value.StatementException;
import floof.config.value.ValueType;
import floof.config.word.GroupKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random configurations from the schema: what it holds is found without being named here. */
public final class RandomConfig {

    private static final String TEXT = "abc XYZ 019-_.,:/\\\"'{}[];#|*äß€漢\uD83D\uDE00";

    private final Random random;

    public RandomConfig(Random random) {
        this.random = random;
    }

    /** A tree of up to about {@code statements} statements, each of which {@code set} takes. */
    public Branch tree(int statements) {
        Branch tree = TestSchema.EMPTY;
        int count = random.nextInt(statements + 1);
        for (int i = 0; i < count; i++) {
            List<String> words = words();
            try {
                tree = Edit.set(tree, words);
            } catch (StatementException e) {
                throw new AssertionError(words.toString(), e);
            }
        }
        return tree;
    }

    /** The same with marks here and there, and groups in another order. */
    public Branch marked(int statements) {
        Branch tree = tree(statements);
        try {
            for (int i = random.nextInt(8); i >= 0; i--) {
                List<String> words = somewhere(tree);
                Marks marks =
                        new Marks(
                                random.nextBoolean(),
                                random.nextInt(5) == 0,
                                random.nextBoolean() ? "" : annotation());
                if (!words.isEmpty()) {
                    tree = Edit.mark(tree, words, old -> old.isProtected() ? old : marks);
                }
            }
            List<Branch> groups = tree.entries("groups");
            if (groups.size() > 1) {
                List<String> last = List.of("groups", groups.getLast().name());
                tree = Entries.insert(tree, last, true, groups.getFirst().name());
            }
        } catch (StatementException e) {
            // Protected by a mark before: what there is will do.
            assertThat(e.kind()).isEqualTo(StatementException.Kind.REFUSED);
        }
        return tree;
    }

    /** {@code tree} with a few statements set and others gone. */
    Branch edited(Branch tree) throws StatementException {
        Branch result = tree;
        for (int i = random.nextInt(4); i >= 0; i--) {
            result = Edit.set(result, words());
            List<String> gone = somewhere(result);
            result = gone.isEmpty() ? result : Edit.delete(result, gone);
        }
        return result;
    }

    /** Path of a statement of {@code tree} that can have marks; empty for an empty tree. */
    private String annotation() {
        return switch (random.nextInt(4)) {
            case 0 -> "note " + octet();
            case 1 -> "several\nlines, and\n\na last one " + octet();
            case 2 -> "C:\\new \\\\n " + octet() + "\n* /* with signs {\";";
            default -> "+ plus\n- minus\n[edit " + octet() + "]";
        };
    }

    private List<String> somewhere(Branch tree) {
        List<String> path = new ArrayList<>();
        Node node = tree;
        while (node instanceof Branch branch && !branch.isEmpty()) {
            List<Node> children = new ArrayList<>();
            branch.children().forEach(children::add);
            node = children.get(random.nextInt(children.size()));
            path.add(node.name());
            boolean isInline = node.schema().kind() == Kind.LIST && !node.schema().isBlock();
            if (!isInline && random.nextInt(3) == 0) {
                return path;
            }
        }
        return path;
    }

    /** The words of one valid statement. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        SchemaNode at = TestSchema.ROOT;
        while (at.isBranch()) {
            if (at.kind() == Kind.LIST) {
                at = at.entry();
                words.add(value(at));
                if (random.nextInt(10) == 0) {
                    return words;
                }
            } else {
                at = at.children().get(random.nextInt(at.children().size()));
                words.add(at.name());
            }
        }
        if (at.kind() == Kind.LEAF_LIST && random.nextBoolean()) {
            words.add("[");
            for (int i = random.nextInt(3); i >= 0; i--) {
                words.add(value(at));
            }
            words.add("]");
        } else if (at.kind() != Kind.FLAG) {
            words.add(value(at));
        }
        return words;
    }

    private String value(SchemaNode schema) {
        if (schema.valueType().javaType() == GroupKey.class && random.nextInt(3) == 0) {
            return random.nextBoolean() ? "<*>" : "<p[1-4]*>";
        }
        if (!schema.valueType().choices().isEmpty()) {
            int choice = random.nextInt(schema.valueType().choices().size());
            return schema.valueType().choices().get(choice).word();
        }
        return switch (schema.valueType().placeholder()) {
            case "<text>" -> text();
            case "<group>" -> "g" + random.nextInt(4);
            case "<number>" -> Integer.toString(1_000 + random.nextInt(9_999_000));
            case "<workers>" ->
                    random.nextBoolean() ? "auto" : Integer.toString(1 + random.nextInt(16));
            case "<queues>" -> Integer.toString(1 + random.nextInt(64));
            case "<pci-address>" ->
                    "0000:%02x:00.%d".formatted(random.nextInt(256), random.nextInt(8));
            case "<cpu>" -> Integer.toString(random.nextInt(8192));
            case "<frames>", "<buffers>", "<descriptors>" ->
                    Integer.toString(2048 + random.nextInt(10_000));
            case "<mtu>" -> Integer.toString(576 + random.nextInt(8641));
            case "<as-number>" ->
                    Long.toString(1 + (random.nextInt() & 0xffff_ffffL) % 4294967295L);
            case "<router-id>" -> "10." + octet() + "." + octet() + ".1";
            case "<ip4-address>" -> ip4();
            case "<ip6-address>" -> ip6();
            case "<address>" -> random.nextBoolean() ? ip4() : ip6();
            case "<address/length>" -> random.nextBoolean() ? ip4() + "/31" : ip6() + "/64";
            case "<prefix>" ->
                    random.nextBoolean()
                            ? "10." + octet() + ".0.0/16"
                            : "2001:DB8:" + octet() + "::/48";
            case "<interface>", "<device>", "<name>", "<host-name>", "<user>", "<class>" ->
                    "p" + random.nextInt(12) + (random.nextBoolean() ? "" : "-x");
            case "<secret>" -> "p" + octet();
            case "<hash>" -> "$y$j9T$" + "abcdefgh".repeat(8) + octet();
            case "<pattern>" -> "show (route|ar." + octet() + ")";
            case "<file>" -> "/tmp/p" + octet() + ".pcap";
            case "<socket>" -> "/run/m" + octet() + ".sock";
            case "<id>" -> Long.toString(random.nextInt() & 0xffff_ffffL);
            case "<ring-size>" -> Integer.toString(64 << random.nextInt(9));
            case "<times>" -> Integer.toString(random.nextInt(1000));
            case "<packets>" -> Integer.toString(1 + random.nextInt(1000));
            case "<bytes>" -> Integer.toString(64 + random.nextInt(1400));
            case "<flows>" -> Integer.toString(1 + random.nextInt(65536));
            default -> number(schema.valueType());
        };
    }

    private String number(ValueType<?> type) {
        if (type.shape() instanceof ValueType.Shape.Range range) {
            return Long.toString(random.nextLong(range.minimum(), range.maximum() + 1));
        }
        throw new AssertionError("no values for " + type);
    }

    private int octet() {
        return 1 + random.nextInt(250);
    }

    private String ip4() {
        return "10." + octet() + "." + octet() + "." + octet();
    }

    private String ip6() {
        return "2001:db8:" + octet() + "::" + octet();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int[] characters = TEXT.codePoints().toArray();
        for (int i = random.nextInt(30); i >= 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
