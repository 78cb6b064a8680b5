"""SCORM 1.2 packages: read, kept, handed to the frame, and what they claim."""
