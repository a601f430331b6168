package floof.fpc;

import java.io.IOException;

/** The other end answered with a report other than OK. */
public final class Refused extends IOException {
    private final Report report;

    Refused(Message.Request request, Reply reply) {
        super(request.messageType().label() + ": " + reply.report() + ": " + reply.text());
        report = reply.report();
    }

    public Report report() {
        return report;
    }
}
