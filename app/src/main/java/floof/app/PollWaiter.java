package floof.app;

import floof.engine.PortEnd;
import floof.engine.Waiter;
import floof.linux.EventFd;
import floof.linux.PollSet;

/**
 * A worker's sleep: poll(2) over its ports and an eventfd to wake it. With an epoll the kernel
 * would report each packet that a socket has sent: 8 % of a worker that sends over AF_XDP on veth
 * (docs/performance-notes.md).
 */
final class PollWaiter implements Waiter, AutoCloseable {

    private final PollSet descriptors = new PollSet();

    private final EventFd wakeUp = new EventFd("wake-up of a worker");

    PollWaiter() {
        descriptors.add(wakeUp.fd().number());
    }

    @Override
    public void await(int timeoutMs) {
        descriptors.await(timeoutMs);
        wakeUp.drain();
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public void watch(PortEnd end) {
        for (int descriptor : end.descriptors()) {
            descriptors.add(descriptor);
        }
    }

    @Override
    public void forget(PortEnd end) {
        for (int descriptor : end.descriptors()) {
            descriptors.remove(descriptor);
        }
    }

    @Override
    public void close() {
        wakeUp.close();
    }
}
