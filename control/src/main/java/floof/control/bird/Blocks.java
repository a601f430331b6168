package floof.control.bird;

/** Text of a language whose blocks are in braces, indented. Thread: one. */
final class Blocks {

    private final StringBuilder out = new StringBuilder();
    private int depth;

    /** One line, without its end. */
    Blocks line(String text) {
        out.append("    ".repeat(depth)).append(text).append('\n');
        return this;
    }

    Blocks empty() {
        out.append('\n');
        return this;
    }

    /** Whole lines as they are. */
    Blocks lines(String text) {
        out.append(text);
        return this;
    }

    Blocks begin(String head) {
        line(head + " {");
        depth++;
        return this;
    }

    Blocks end() {
        return end("}");
    }

    Blocks end(String with) {
        depth--;
        return line(with);
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
