package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;

class BadPeerOnInvokerTest extends BadPeer {
    BadPeerOnInvokerTest() {
        super(Driving.INVOKER);
    }
}
