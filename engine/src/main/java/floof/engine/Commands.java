package floof.engine;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded queue of commands for a worker. Any thread offers commands, the worker drains them. The
 * worker never waits for other threads, and checking an empty queue costs it one load.
 */
final class Commands {

    /** Far more than a control process has in flight at once. */
    static final int CAPACITY = 64;

    private final AtomicReferenceArray<Runnable> slots = new AtomicReferenceArray<>(CAPACITY);
    private int tail;
    private int head;

    /** Appends a command; false when the queue is full. Thread: any. */
    synchronized boolean offer(Runnable command) {
        // The worker emptied this slot; it takes slots in this order.
        if (slots.getAcquire(tail % CAPACITY) != null) {
            return false;
        }
        slots.setRelease(tail % CAPACITY, command);
        tail = (tail + 1) % CAPACITY;
        return true;
    }

    /** Runs at most {@code max} commands; returns their number. Thread: the worker. */
    int drain(int max) {
        int count = 0;
        while (count < max) {
            Runnable command = slots.getAcquire(head);
            if (command == null) {
                break;
            }
            slots.setRelease(head, null);
            head = (head + 1) % CAPACITY;
            command.run();
            count++;
        }
        return count;
    }
}
