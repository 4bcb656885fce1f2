"""Where `.proto` text comes from: git revisions, the index, the work tree, directories, descriptor sets."""
