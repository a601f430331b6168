package floof.linux.system;

import floof.linux.call.Syscall;

/** What new files of this process and of its children may be for others (umask(2)). */
public final class Umask {

    private static final int OWNER_ONLY = 077;

    private Umask() {}

    /**
     * From now on whatever is made is for its owner alone, from its first byte. What others need is
     * opened to them by name. Thread: any; of the whole process.
     */
    public static void ownerOnly() {
        Syscall.call(Syscall.UMASK, OWNER_ONLY);
    }
}
