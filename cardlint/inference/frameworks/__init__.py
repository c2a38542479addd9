"""What web frameworks and task queues pass to handlers."""
