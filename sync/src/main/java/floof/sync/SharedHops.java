package floof.sync;

import floof.fpc.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shares equal lists of next hops; a million routes have few different ones. */
final class SharedHops {

    /** Distinct lists kept; routers have few. */
    private static final int MAX = 65_536;

    private final Map<List<Message.NextHop>, List<Message.NextHop>> lists = new HashMap<>();

    /** The candidate with a shared list. */
    LinuxRoute of(LinuxRoute candidate) {
        if (lists.size() > MAX) {
            lists.clear();
        }
        List<Message.NextHop> one = lists.putIfAbsent(candidate.nextHops(), candidate.nextHops());
        return one == null || one == candidate.nextHops() ? candidate : candidate.with(one);
    }
}
