package floof.lab.bench.jmh;

import floof.lab.bench.Stage;
import floof.tables.LayoutException;
import java.io.IOException;

/** {@link Stage#warmUp}, once in a process. */
final class WarmGraph {

    /** By the class's initialisation, which happens once. */
    private static final boolean IS_WARM = warmUp();

    private WarmGraph() {}

    private static boolean warmUp() {
        try {
            Stage.warmUp();
            return true;
        } catch (IOException | LayoutException e) {
            throw new IllegalStateException("rehearsal in memory of its own", e);
        }
    }

    static void require() {
        if (!IS_WARM) {
            throw new IllegalStateException("not warm");
        }
    }
}
