package floof.control;

import floof.api.Router;
import floof.api.fastpath.SyncState;
import floof.base.Prefix;
import floof.base.alarm.Alarms;
import floof.base.task.Tasks;
import floof.config.store.History;
import floof.config.tree.Branch;
import floof.config.value.Vault;
import floof.control.bird.Bird;
import floof.control.bird.Routing;
import floof.control.commit.StoredConfiguration;
import floof.control.commit.Unconfirmed;
import floof.control.commit.Waiting;
import floof.control.daemon.LogKeeper;
import floof.control.fastpath.FastPathProcess;
import floof.control.fpc.ManagerConnection;
import floof.control.instance.Instance;
import floof.control.plan.Intent;
import floof.control.port.PortWatch;
import floof.control.port.Ports;
import floof.control.service.Service;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The parts of the control plane of an instance, wired and started in order: fast path, ports,
 * BIRD, the router. What lives is adopted; the end leaves all of it in place.
 */
public final class ControlPlane implements AutoCloseable {

    private final Waiting waiting;
    private final ManagerConnection manager;
    private final Ports ports;
    private final FastPathProcess fastPath;
    private final PortWatch carriers;
    private final Bird bird;
    private final LogKeeper logs;
    private final LiveRouter router;

    /**
     * Starts everything; afterwards {@link #router} follows the running configuration. The
     * namespaces exist and the fast path manager listens.
     *
     * @param history what was committed
     * @param vault signs the audit log
     * @param fastPathLaunch how the fast path is started
     * @param alarms what is wrong; parts raise theirs
     * @param tasks run what goes on in the background
     * @param portLimit ports that the fast path has room for
     * @param sync what the cache manager does
     * @param services what statements switch on, for a router
     * @param faults why the fast path has no route to a prefix; empty when it has
     */
    public ControlPlane(
            Instance instance,
            History history,
            Vault vault,
            FastPathProcess.Launch fastPathLaunch,
            Alarms alarms,
            Tasks tasks,
            int portLimit,
            Supplier<SyncState> sync,
            Function<Prefix, String> faults,
            Function<Router, List<Service>> services)
            throws IOException {
        logs = new LogKeeper(instance.logs(), tasks);
        waiting =
                new Waiting(
                        instance.state().resolve("pending"),
                        Branch.empty(history.running().schema()),
                        InstantSource.system(),
                        alarms);
        Branch unconfirmed = Unconfirmed.catchUp(history, waiting, InstantSource.system());
        StoredConfiguration configuration = new StoredConfiguration(history);
        manager = new ManagerConnection(instance.fpcSocket());
        ports = new Ports(instance, manager, portLimit);
        fastPath =
                new FastPathProcess(
                        instance,
                        fastPathLaunch,
                        Intent.of(configuration.usable()).fastPath(),
                        ports::attachAll,
                        alarms,
                        tasks);
        fastPath.start();
        ports.adopt(fastPath);
        ports.attachAll();
        carriers = new PortWatch(instance, ports, tasks);
        bird = new Bird(instance, alarms, tasks);
        bird.start(
                Routing.accepted(
                        bird,
                        instance.log("bird"),
                        configuration::usable,
                        configuration::leaveOut));
        router =
                new LiveRouter(
                        instance,
                        history,
                        configuration,
                        vault,
                        alarms,
                        tasks,
                        ports,
                        fastPath,
                        bird,
                        manager,
                        waiting,
                        sync,
                        faults,
                        services);
        router.restore(unconfirmed);
    }

    public LiveRouter router() {
        return router;
    }

    /** Ends the watching; fast path, twins, BIRD and routes stay. */
    @Override
    public void close() {
        waiting.close();
        bird.close();
        fastPath.close();
        carriers.close();
        router.close();
        ports.close();
        manager.close();
        logs.close();
    }
}
