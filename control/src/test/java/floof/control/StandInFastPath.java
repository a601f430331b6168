package floof.control;

import floof.base.IpAddress;
import floof.base.task.Tasks;
import floof.control.daemon.Living;
import floof.control.fastpath.FastPath;
import floof.control.instance.Instance;
import floof.control.plan.CommitException;
import floof.control.plan.CoreAssignment;
import floof.control.plan.FastPathSettings;
import floof.fpc.FpcClient;
import floof.fpc.FpcServer;
import floof.fpc.Message;
import floof.fpc.Reply;
import floof.fpc.Report;
import floof.linux.system.PidFd;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Takes ports as the fast path and its manager do, in this process, and forwards nothing. */
public final class StandInFastPath implements FastPath, AutoCloseable {

    private final Map<Integer, Message.PortState> ports = new TreeMap<>();
    private FastPathSettings settings = FastPathSettings.DEFAULT;
    private volatile Duration slowness = Duration.ZERO;
    private volatile boolean isDawdling;
    private volatile int cpuCount = 2;
    private volatile @Nullable CountDownLatch restart;

    /** As it was told last. */
    public volatile List<IpAddress> peers = List.of();

    private final FpcServer server;
    private final FpcClient client;

    public StandInFastPath(Instance instance) throws IOException {
        server =
                FpcServer.open(
                        instance.fastPathSocket(),
                        "stand-in",
                        (request, from) -> handle(request),
                        line -> {},
                        Tasks.printing());
        client = FpcClient.connect(instance.fastPathSocket(), "stand-in-client", 4);
    }

    @Override
    public String cache() {
        return "none";
    }

    /** From now on the machine has so many CPUs. */
    public void cpus(int count) {
        cpuCount = count;
    }

    /** From now on it is being restarted, until the latch opens; null: it is there again. */
    void holdRestart(@Nullable CountDownLatch until) {
        restart = until;
    }

    /** From now on it takes its time with each port. */
    void dawdle(Duration each) {
        slowness = each;
    }

    /** Whether it dawdles just now. */
    boolean isDawdling() {
        return isDawdling;
    }

    private void dawdle() {
        isDawdling = !slowness.isZero();
        try {
            Thread.sleep(slowness);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        isDawdling = false;
    }

    private Reply handle(Message.Request request) {
        switch (request) {
            case Message.PortAttach it -> {
                dawdle();
                int fd;
                try (PidFd holder = PidFd.open(it.twinPid())) {
                    fd = holder.fetch(it.twinFd(), "twin").number();
                }
                ports.put(
                        it.index(),
                        new Message.PortState(
                                it.index(),
                                it.name(),
                                it.driver(),
                                it.namespacePath(),
                                it.device(),
                                fd,
                                true));
                return Reply.ok();
            }
            case Message.PortDetach it -> {
                Message.PortState gone = ports.remove(it.index());
                if (gone != null) {
                    floof.linux.Fd.own(gone.twinFd(), "twin").close();
                }
                return Reply.ok();
            }
            case Message.PortsRequest it -> {
                return Reply.ok(new Message.Ports(List.copyOf(ports.values()), 0));
            }
            case Message.Peers it -> {
                peers = it.addresses();
                return Reply.ok();
            }
            case Message.Port it -> {
                return Reply.ok();
            }
            case Message.Hello it -> {
                return Reply.ok(new Message.Hello(1, 0, 0, 1));
            }
            default -> {
                return Reply.refused(Report.UNSUPPORTED, "stand-in");
            }
        }
    }

    @Override
    public FastPathSettings settings() {
        return settings;
    }

    @Override
    public void check(FastPathSettings wanted) throws CommitException {
        BitSet cpus = new BitSet();
        cpus.set(0, cpuCount);
        CoreAssignment.of(cpus, cpu -> BitSet.valueOf(new long[] {1L << cpu}), wanted);
    }

    @Override
    public void restart(FastPathSettings wanted) throws CommitException {
        check(wanted);
        settings = wanted;
    }

    @Override
    public FpcClient client() throws IOException {
        if (restart != null) {
            throw new IOException("fast-path is being restarted");
        }
        return client;
    }

    @Override
    public Living process() {
        return Objects.requireNonNull(Living.of(ProcessHandle.current().pid()));
    }

    @Override
    public void replace() {}

    @Override
    public boolean require(Set<String> words) {
        CountDownLatch held = restart;
        if (held != null) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        ports.values().forEach(port -> floof.linux.Fd.own(port.twinFd(), "twin").close());
        ports.clear();
    }
}
