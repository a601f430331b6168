package floof.control.port;

import floof.fpc.FpcClient;
import floof.fpc.Message;
import floof.fpc.Refused;
import floof.fpc.Reply;
import floof.fpc.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What was asked of the fast path and its manager about ports and is not answered yet, so that many
 * ports do not wait one for the other. Thread: one at a time.
 */
final class Unsettled {

    /** One that was not done. */
    record Failure(Claim claim, boolean isAttach, IOException why) {}

    private record Asked(
            Claim claim,
            boolean isAttach,
            Message.Request request,
            CompletableFuture<Reply> reply) {}

    private final List<Asked> asked = new ArrayList<>();

    /** Asks to take a port, or to let go of it. */
    void ask(FpcClient of, Claim claim, boolean isAttach, Message.Request request) {
        asked.add(new Asked(claim, isAttach, request, of.send(request)));
    }

    /** Waits until the fast path let go of all ports that it was asked for, or is gone. */
    void awaitDetached() {
        for (Asked it : asked) {
            if (!it.isAttach) {
                it.reply.handle((reply, lost) -> reply).join();
            }
        }
    }

    /** Waits for every answer; what was not there to be detached is as good as done. */
    List<Failure> await() {
        List<Failure> failures = new ArrayList<>();
        for (Asked it : asked) {
            try {
                FpcClient.done(it.request, it.reply);
            } catch (IOException e) {
                boolean wasGone = e instanceof Refused r && r.report() == Report.NOT_FOUND;
                if (it.isAttach || !wasGone) {
                    failures.add(new Failure(it.claim, it.isAttach, e));
                }
            }
        }
        asked.clear();
        return failures;
    }
}
