"""The other process of ``run_in_subprocess``: python -m embeddings.jobs FOLDER."""

from embeddings.jobs.subprocess import main

if __name__ == "__main__":
    main()
