package floof.base;

/** Waits that ignore interrupts; they restore the thread's interrupt flag afterwards. */
public final class Uninterruptibly {

    private Uninterruptibly() {}

    /** Waits until a thread ends. */
    public static void join(Thread thread) {
        boolean wasInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
