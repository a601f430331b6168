package floof.ports;

import floof.engine.PortEnd;
import floof.engine.Waiter;

/** Never sleeps. */
final class Awake implements Waiter {
    @Override
    public void await(int timeoutMs) {}

    @Override
    public void wake() {}

    @Override
    public void watch(PortEnd end) {}

    @Override
    public void forget(PortEnd end) {}
}
