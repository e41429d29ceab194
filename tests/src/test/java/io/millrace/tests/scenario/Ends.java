package io.millrace.tests.scenario;

/** Two ends that exchange messages: an implementation for each design. */
interface Ends extends AutoCloseable {
    /** What one end does with what it is told, on its thread that receives: the answers are sent from inside the call. */
    interface Party {
        /** The answer, or null for none. */
        byte[] onMessage(byte[] message);

        /** What to send into the silence, or null for nothing. */
        default byte[] onIdle() {
            return null;
        }
    }

    /** Opens both ends. */
    interface Design {
        Ends open(Party client, Party server) throws Exception;
    }

    /** Sends from the client's end and waits for room. Any thread. */
    void send(byte[] message) throws InterruptedException;

    /** Lets an interval go by at the client's end, in which nothing comes. */
    void idle();

    /** Whether the client's end is open. */
    boolean isOpen();

    @Override
    void close();
}
