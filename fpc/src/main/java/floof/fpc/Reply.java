package floof.fpc;

import org.jspecify.annotations.Nullable;

/**
 * The reply to a request: {@link Report#OK}, with an answer if the type has one, or another report
 * with a text for the operator.
 */
public record Reply(Report report, String text, Message.@Nullable Answer answer) {

    private static final Reply OK = new Reply(Report.OK, "", null);

    public Reply {
        if (report == Report.OK ? !text.isEmpty() : answer != null) {
            throw new IllegalArgumentException("a reply carries an answer or, refused, a text");
        }
    }

    public static Reply ok() {
        return OK;
    }

    public static Reply ok(Message.Answer answer) {
        return new Reply(Report.OK, "", answer);
    }

    /**
     * @param report any but OK
     */
    public static Reply refused(Report report, String text) {
        return new Reply(report, text, null);
    }

    public boolean isOk() {
        return report == Report.OK;
    }
}
