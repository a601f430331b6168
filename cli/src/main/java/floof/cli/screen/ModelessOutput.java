package floof.cli.screen;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Leaves out by what the line editor sets modes of the terminal: {@code ESC [ ? n h}, {@code l},
 * and {@code ESC =}, {@code >}. The editor does well without them, and automation takes what stands
 * before a prompt as part of it. Thread: one.
 */
public final class ModelessOutput extends OutputStream {

    private static final int ESC = 27;

    /** Longest beginning of such a sequence that is held back. */
    private static final int HELD_MAX = 16;

    private final OutputStream out;
    private final byte[] held = new byte[HELD_MAX];
    private int count;
    private volatile boolean open;

    public ModelessOutput(OutputStream out) {
        this.out = out;
    }

    /** Whether everything passes, for a program that has the terminal. */
    public void open(boolean all) {
        open = all;
    }

    @Override
    public void write(int b) throws IOException {
        if (open || count == 0 && b != ESC) {
            out.write(b);
            return;
        }
        held[count++] = (byte) b;
        if (isWhole(b)) {
            count = 0;
        } else if (!isBeginning(b) || count == HELD_MAX) {
            out.write(held, 0, count);
            count = 0;
        }
    }

    private boolean isWhole(int b) {
        return count == 2 ? b == '=' || b == '>' : count > 3 && (b == 'h' || b == 'l');
    }

    private boolean isBeginning(int b) {
        return switch (count) {
            case 1 -> b == ESC;
            case 2 -> b == '[';
            case 3 -> b == '?';
            default -> b >= '0' && b <= '9' || b == ';';
        };
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
