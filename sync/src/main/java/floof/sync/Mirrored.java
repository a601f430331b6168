package floof.sync;

import floof.fpc.Message;

/**
 * One object as it was last sent to the manager.
 *
 * @param fault why it is FAILED or UNSUPPORTED; otherwise empty
 */
public record Mirrored(Message.Request object, Status status, String fault) {}
