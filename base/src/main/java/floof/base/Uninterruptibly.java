package floof.base;

/** Waiting that an interrupt does not cut short; the thread is interrupted again afterwards. */
public final class Uninterruptibly {

    private Uninterruptibly() {}

    /** Waits for a thread's end. */
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
