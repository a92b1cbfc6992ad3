//! Images: sniff, bound, convert; remote fetch behind one guarded door.
