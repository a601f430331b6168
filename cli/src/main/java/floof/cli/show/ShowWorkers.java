package floof.cli.show;

import floof.api.Router;
import floof.api.fastpath.FastPathStatistics.WorkerCount;
import floof.api.fastpath.PlanChoice;
import floof.api.fastpath.WorkerState;
import floof.api.view.UnavailableException;
import floof.cli.answer.Answer;
import floof.cli.answer.Table;
import java.util.ArrayList;
import java.util.List;

/** Output of {@code show fast-path} about workers. */
public final class ShowWorkers {

    private ShowWorkers() {}

    public static Answer workers(Router router) throws UnavailableException {
        List<WorkerState> workers = router.workers();
        Table states =
                new Table(
                        ">Worker",
                        ">CPU?1",
                        ">Cycles?5",
                        ">With packets?6",
                        ">Packets",
                        ">Sleeps?5",
                        ">Stolen ms?2",
                        ">Longest us?1",
                        ">Handed over?4",
                        ">Taken over?4",
                        ">Full?3");
        for (WorkerState w : workers) {
            states.row(
                    w.worker(),
                    w.cpu(),
                    w.cycles(),
                    w.busyCycles(),
                    w.packets(),
                    w.sleeps(),
                    w.stolenMs(),
                    w.longestUs(),
                    w.handedOver(),
                    w.takenOver(),
                    w.handOverFull());
        }
        return Answer.Data.of(WorkerState.class, workers, states, "\n", pauses(workers));
    }

    /** A row per worker and cause, a column per doubling of the length. */
    private static Object pauses(List<WorkerState> workers) {
        List<WorkerState.Pause> all = workers.stream().flatMap(w -> w.pauses().stream()).toList();
        if (all.isEmpty()) {
            return "No pauses\n";
        }
        List<String> heads =
                new ArrayList<>(List.of(">Worker", "Pauses by", ">Number", ">Sum us", ">Longest"));
        all.getFirst().histogram().forEach(column -> heads.add(">" + length(column.fromUs())));
        Table table = new Table(heads.toArray(String[]::new));
        for (WorkerState worker : workers) {
            for (WorkerState.Pause pause : worker.pauses()) {
                List<Object> row =
                        new ArrayList<>(
                                List.of(
                                        worker.worker(),
                                        pause.cause(),
                                        pause.count(),
                                        pause.sumUs(),
                                        pause.longestUs()));
                pause.histogram().forEach(column -> row.add(column.count()));
                table.row(row.toArray());
            }
        }
        return table;
    }

    /** Shortest pause of a column: {@code 131us}, {@code 4.2ms}. */
    private static String length(long us) {
        return us < 1_000 ? us + "us" : us / 1_000 + "." + us / 100 % 10 + "ms";
    }

    public static Answer plan(Router router) throws UnavailableException {
        List<PlanChoice> plan = router.plan();
        Table table = new Table("Choice", "Value", "From");
        plan.forEach(choice -> table.row(choice.name(), choice.value(), choice.from()));
        return Answer.Data.of(PlanChoice.class, plan, table);
    }

    /** The share of each worker in what the fast path did. */
    static Table counts(List<WorkerCount> workers) {
        Table table =
                new Table(
                        ">Worker", ">Received", ">Sent", ">Exceptions", ">Drops", ">From Linux?1");
        for (WorkerCount w : workers) {
            table.row(w.worker(), w.received(), w.sent(), w.excepted(), w.dropped(), w.fromLinux());
        }
        return table;
    }
}
