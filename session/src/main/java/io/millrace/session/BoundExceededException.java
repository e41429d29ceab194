package io.millrace.session;

/** A change that would take a structure past one of its bounds: refused, and nothing changed. */
public final class BoundExceededException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the bound.
     *
     * @param bound    which bound it is.
     * @param limit    its value.
     * @param required what the change would have needed.
     */
    public BoundExceededException(final String bound, final long limit, final long required) {
        super("bound exceeded: " + bound + "=" + limit + " required=" + required);
    }
}
