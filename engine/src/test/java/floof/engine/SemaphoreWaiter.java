package floof.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sleeps on a semaphore, as on an eventfd. */
final class SemaphoreWaiter implements Waiter {
    final Semaphore wakeUps = new Semaphore(0);
    final AtomicInteger watched = new AtomicInteger();
    volatile boolean isAsleep;

    @Override
    public void await(int timeoutMs) {
        isAsleep = true;
        try {
            if (wakeUps.tryAcquire(timeoutMs, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        isAsleep = false;
    }

    @Override
    public void wake() {
        wakeUps.release();
    }

    @Override
    public void watch(PortEnd end) {
        watched.incrementAndGet();
    }

    @Override
    public void forget(PortEnd end) {
        watched.decrementAndGet();
    }
}
