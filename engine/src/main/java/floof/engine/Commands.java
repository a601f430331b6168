package floof.engine;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded queue of what others want a worker to do. Any thread offers, the worker drains; it
 * never waits for them, and looking at an empty queue costs it one load.
 */
final class Commands {

    /** Far more than the few a control process has under way at once. */
    static final int CAPACITY = 64;

    private final AtomicReferenceArray<Runnable> slots = new AtomicReferenceArray<>(CAPACITY);
    private int tail;
    private int head;

    /** Appends a command; false when the queue is full. Thread: any. */
    synchronized boolean offer(Runnable command) {
        // An empty slot was emptied by the worker, which takes them in this order.
        if (slots.getAcquire(tail % CAPACITY) != null) {
            return false;
        }
        slots.setRelease(tail % CAPACITY, command);
        tail = (tail + 1) % CAPACITY;
        return true;
    }

    /** Runs at most {@code max} commands; how many there were. Thread: the worker. */
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
