package floof.base.alarm;

/** How bad an alarm is; the classes of Junos. */
public enum Severity {
    /** Degraded or at risk; traffic flows. */
    MINOR,
    /** Traffic, control or management is affected. */
    MAJOR
}
