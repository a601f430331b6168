package floof.linux.system;

import floof.base.Uninterruptibly;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Runs work on a thread of its own, which ends with it. The caller waits. Thread: any. */
public final class OwnThread {

    private OwnThread() {}

    /** Something to do. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object, X extends Exception> {
        T run() throws X;
    }

    /**
     * @param name of the thread
     * @throws X what the work throws; unchecked exceptions and errors as they are
     */
    @SuppressWarnings("unchecked") // The work throws only X and unchecked exceptions.
    public static <T extends @Nullable Object, X extends Exception> T call(
            String name, Work<T, X> work) throws X {
        FutureTask<T> task = new FutureTask<>(work::run);
        Uninterruptibly.join(Thread.ofPlatform().name(name).start(task));
        if (task.state() == Future.State.SUCCESS) {
            return task.resultNow();
        }
        if (task.exceptionNow() instanceof Error error) {
            throw error;
        }
        throw (X) task.exceptionNow();
    }
}
