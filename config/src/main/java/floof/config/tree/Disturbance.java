package floof.config.tree;

/** What the traffic notices of a commit that changes a statement. */
public enum Disturbance {
    NOTHING("nothing"),
    PORT_DOWN("the port goes down or comes up"),
    PORT("the port is recreated: packets that arrive meanwhile are lost"),
    BGP_SESSION("the BGP session is reset"),
    BGP("all BGP sessions are reset"),
    FAST_PATH("the fast path restarts: packets received meanwhile are lost");

    private final String text;

    Disturbance(String text) {
        this.text = text;
    }

    /** For the operator, as the rest of a sentence that begins with "a change disturbs". */
    public String text() {
        return text;
    }
}
