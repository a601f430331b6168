package floof.app;

import floof.engine.PortEnd;
import floof.engine.Waiter;
import floof.linux.Epoll;
import floof.linux.EventFd;
import floof.linux.Poll;

/** A worker's sleep: epoll over its ports and an eventfd to wake it. */
final class EpollWaiter implements Waiter, AutoCloseable {

    /** One event suffices to wake: the worker looks at every port anyway. */
    private final Epoll epoll = new Epoll(1);

    private final EventFd wakeUp = new EventFd("wake-up of a worker");

    EpollWaiter() {
        epoll.add(wakeUp.fd().number(), Poll.IN, 0);
    }

    @Override
    public void await(int timeoutMs) {
        epoll.await(timeoutMs);
        wakeUp.drain();
    }

    @Override
    public void wake() {
        wakeUp.signal();
    }

    @Override
    public void watch(PortEnd end) {
        epoll.add(end.descriptor(), Poll.IN, 0);
    }

    @Override
    public void forget(PortEnd end) {
        epoll.remove(end.descriptor());
    }

    @Override
    public void close() {
        epoll.close();
        wakeUp.close();
    }
}
