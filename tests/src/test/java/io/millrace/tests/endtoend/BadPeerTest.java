package io.millrace.tests.endtoend;

import io.millrace.transport.Driving;

class BadPeerTest extends BadPeer {
    BadPeerTest() {
        super(Driving.THREAD);
    }
}
